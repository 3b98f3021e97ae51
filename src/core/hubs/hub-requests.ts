/**
 * The only place of the hubs that sends requests, and that says what a failed one means. Invariant: the
 * headers of a location, the access token among them, go to the origin of its address and to no other;
 * redirects are followed here and not by `fetch`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ErrorCode } from '../../shared/contract/errors.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { FileLocation } from './hub-source.ts'

/** What the failure of a request names. */
export interface RequestSubject {
  /** `publisher/repository`; empty where none was asked for. */
  repository: string
  /** Where a person accepts the licence. */
  pageUrl: string
}

export interface RequestOptions {
  method?: 'GET' | 'HEAD'
  /** Sent to every origin. */
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Which redirects are followed. Default: all. */
  redirect?: 'all' | 'same-origin'
}

const maxRedirects = 5
const noNetworkReasons = ['ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN']
/** The failure that a person can do most about comes last. */
const byMeaning: ErrorCode[] = [
  'HOST_UNREACHABLE',
  'HUB_BUSY',
  'HUB_FAILED',
  'HUB_NOT_FOUND',
  'NO_GGUF',
  'HUB_UNAUTHORIZED',
  'HUB_GATED',
]
const serverErrorRetryDelaysMs = [300, 900]

/** The answer after redirects, whatever its status. Rejects with what `fetch` throws. */
export async function fetchFrom(
  { url, headers }: Pick<FileLocation, 'url' | 'headers'>,
  options: RequestOptions = {},
): Promise<Response> {
  let address = new URL(url)
  const ownOrigin = address.origin
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(address, {
      method: options.method ?? 'GET',
      headers: { ...options.headers, ...(address.origin === ownOrigin ? headers : {}) },
      redirect: 'manual',
      signal: options.signal,
    })
    const location = response.headers.get('location')
    const next = response.status >= 300 && response.status < 400 && location ? URL.parse(location, address) : null
    const isWanted = options.redirect !== 'same-origin' || next?.origin === ownOrigin
    if (!next || !isWanted || redirects === maxRedirects) return response
    await response.body?.cancel()
    address = next
  }
}

/** As `fetchFrom`, with two more tries after a 5xx; rejects with a code of the hubs unless the answer is a good one. */
export async function fetchGood(
  location: Pick<FileLocation, 'url' | 'headers'>,
  subject: RequestSubject,
  options: RequestOptions = {},
): Promise<Response> {
  for (let tries = 0; ; tries++) {
    const response = await fetchFrom(location, options).catch((error: unknown) => {
      throw failedRequest(location, subject, error)
    })
    if (response.ok) return response
    const delayMs = serverErrorRetryDelaysMs[tries]
    if (response.status < 500 || delayMs === undefined) throw failedRequest(location, subject, response)
    await response.body?.cancel()
    await sleep(delayMs)
  }
}

/** What an answer that is not the wanted one, or what `fetch` threw, means. An abort by the caller stays what it is. */
export function failedRequest(
  { url, headers }: Pick<FileLocation, 'url' | 'headers'>,
  { repository, pageUrl }: RequestSubject,
  cause: unknown,
): Error {
  const own = new URL(url)
  if (cause instanceof AppFailure) return cause
  if (!(cause instanceof Response)) return networkFailure(own.host, cause)
  void cause.body?.cancel().catch(() => {})
  const { status } = cause
  const host = cause.url ? new URL(cause.url).host : own.host
  if (status === 429 || status >= 500) return new AppFailure('HUB_BUSY', { host, status })
  // What a CDN refuses says nothing about rights: its addresses are signed and expire.
  if (host !== own.host) return new AppFailure('HUB_FAILED', { host, detail: `HTTP ${status}` })
  if (status === 404 || (status === 401 && isUnknownRepository(cause, headers))) {
    return new AppFailure('HUB_NOT_FOUND', { host, name: repository || own.pathname })
  }
  if (status === 401) return new AppFailure('HUB_UNAUTHORIZED', { host, repository })
  if (status === 403) return new AppFailure('HUB_GATED', { repository, url: pageUrl })
  return new AppFailure('HUB_FAILED', { host, detail: `HTTP ${status}` })
}

/** What an error means that came while a good answer was read: the connection broke, or it makes no sense. */
export function unreadableAnswer(url: string, error: unknown): Error {
  if (error instanceof AppFailure) return error
  const { host } = new URL(url)
  const { name, cause } = error as Error
  if (name === 'AbortError' || name === 'TimeoutError' || cause) return networkFailure(host, error)
  return new AppFailure('HUB_FAILED', { host, detail: String(error).slice(0, 200) })
}

/** The one to tell of what several sources failed with: OFFLINE where none could be found or reached by the network. */
export function failureOfAll(failures: AppFailure[]): AppFailure {
  const reasons = failures.map(({ code, data }) => (code === 'HOST_UNREACHABLE' && 'reason' in data ? data.reason : ''))
  // A single name that does not exist may be mistyped.
  const noNetwork = failures.length > 1 ? [...noNetworkReasons, 'ENOTFOUND'] : noNetworkReasons
  if (failures.length > 0 && reasons.every((reason) => noNetwork.includes(reason))) return new AppFailure('OFFLINE', {})
  const rank = ({ code }: AppFailure) => byMeaning.indexOf(code)
  return failures.reduce((best, failure) => (rank(failure) > rank(best) ? failure : best))
}

/** Hugging Face answers 401 to a stranger who asks for a repository that is not there. */
function isUnknownRepository(response: Response, sent: Record<string, string>): boolean {
  if (response.headers.get('x-error-code') === 'RepoNotFound') return true
  const message = response.headers.get('x-error-message') ?? ''
  return !sent.authorization && /invalid username or password|repository not found/i.test(message)
}

function networkFailure(host: string, error: unknown): Error {
  if (error instanceof Error && error.name === 'AbortError') return error
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new AppFailure('HOST_UNREACHABLE', { host, reason: 'ETIMEDOUT' })
  }
  return new AppFailure('HOST_UNREACHABLE', { host, reason: reasonOf(error) })
}

/** The system's word, such as ECONNREFUSED; `fetch` hides it in its cause, and several of them in that one's list. */
function reasonOf(error: unknown): string {
  const { cause, code, errors, message } = error as Error & { code?: unknown; errors?: unknown[] }
  if (cause) return reasonOf(cause)
  if (errors?.[0]) return reasonOf(errors[0])
  return typeof code === 'string' ? code : (message ?? String(error))
}
