/**
 * Reads what a client sends as JSON, whatever it calls it (`curl -d` says it were a form). Invariant: all that
 * is wrong with a body is REQUEST_INVALID or another failure of the client's, before a route sees any of it.
 */
import type { Context } from 'hono'
import type { z } from 'zod'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { type ApiEnv, ClientGone } from './api-env.ts'

/** Far deeper than any JSON schema of a tool, far shallower than what a recursive reader cannot take. */
const maxDepth = 200

/**
 * The body by `schema`. A field of the body itself that is null counts as missing.
 * Throws AppFailure (REQUEST_INVALID with the path of the field, REQUEST_TOO_LARGE, REQUEST_TIMEOUT,
 * ENCODING_UNSUPPORTED) or ClientGone.
 */
export async function readJson<Schema extends z.ZodType>(
  c: Context<ApiEnv>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const value = parse(decode(await readBody(c)))
  const result = schema.safeParse(withoutNulls(value))
  if (result.success) return result.data
  const { path, message } = deepest(result.error.issues)
  throw new AppFailure('REQUEST_INVALID', { field: fieldName(path), detail: message })
}

async function readBody(c: Context<ApiEnv>): Promise<Buffer> {
  const { incoming } = c.env
  const { bodyBytes: maxBytes, bodyStallMs } = c.var.limits
  const encoding = incoming.headers['content-encoding'] ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') throw new AppFailure('ENCODING_UNSUPPORTED', { encoding })
  if (Number(incoming.headers['content-length']) > maxBytes) throw new AppFailure('REQUEST_TOO_LARGE', { maxBytes })

  return new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    const timer = setTimeout(() => settle(() => reject(new AppFailure('REQUEST_TIMEOUT', {}))), bodyStallMs)
    const onData = (chunk: Buffer) => {
      timer.refresh()
      sizeBytes += chunk.length
      if (sizeBytes > maxBytes) settle(() => reject(new AppFailure('REQUEST_TOO_LARGE', { maxBytes })))
      else chunks.push(chunk)
    }
    const onEnd = () => settle(() => resolve(Buffer.concat(chunks)))
    const onGone = () => settle(() => reject(new ClientGone()))
    const settle = (done: () => void) => {
      clearTimeout(timer)
      incoming.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
      // What still comes may break off at any time, and is nobody's business any more.
      incoming.on('error', () => {})
      done()
    }
    incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
    if (incoming.destroyed) onGone()
  })
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw invalidBody('must be UTF-8')
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw invalidBody('must be JSON, and is empty')
  checkDepth(text)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalidBody(`must be JSON: ${(error as Error).message}`)
  }
}

/** JSON.parse takes any depth; what reads the value afterwards is recursive. */
function checkDepth(text: string): void {
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isString) {
      if (code === 0x5c) at++
      else if (code === 0x22) isString = false
    } else if (code === 0x22) isString = true
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) throw invalidBody(`must not be nested deeper than ${maxDepth}`)
    } else if (code === 0x7d || code === 0x5d) depth--
  }
}

const invalidBody = (detail: string) => new AppFailure('REQUEST_INVALID', { field: 'body', detail })

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))
}

/** Of a union's alternatives, the one that came furthest says best what is wrong. */
function deepest(issues: z.core.$ZodIssue[], path: PropertyKey[] = []): { path: PropertyKey[]; message: string } {
  const [issue] = issues
  const at = [...path, ...issue!.path]
  if (issue!.code !== 'invalid_union' || issue!.errors.length === 0) return { path: at, message: issue!.message }
  const branches = issue!.errors.map((branch) => deepest(branch, at))
  return branches.reduce((best, one) => (one.path.length > best.path.length ? one : best))
}

/** `messages[0].role`; `body` for the whole. */
function fieldName(path: PropertyKey[]): string {
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return name.replace(/^\./, '') || 'body'
}
