/**
 * The only place of the hubs that sends requests, and that says what a failed one means. Invariant: the
 * headers of a location, the access token among them, go to the origin of its address and to no other;
 * redirects are followed here and not by `fetch`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
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
}

const maxRedirects = 5
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
    if (response.status < 300 || response.status > 399 || !location || redirects === maxRedirects) return response
    await response.body?.cancel()
    address = new URL(location, address)
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

/** OFFLINE where not one of several hosts could be found or reached by the network, else the first failure. */
export function failureOfAll(failures: unknown[]): unknown {
  const reasons = failures.map((failure) =>
    failure instanceof AppFailure && failure.code === 'HOST_UNREACHABLE'
      ? (failure as AppFailure<'HOST_UNREACHABLE'>).data.reason
      : '',
  )
  // A single name that does not exist may be mistyped.
  const noNetwork = reasons.length > 1 ? /^(ENETUNREACH|ENETDOWN|EAI_AGAIN|ENOTFOUND)$/ : /^(ENETUNREACH|ENETDOWN|EAI_AGAIN)$/
  return reasons.length > 0 && reasons.every((reason) => noNetwork.test(reason)) ? new AppFailure('OFFLINE', {}) : failures[0]
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
