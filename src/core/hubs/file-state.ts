import { AppFailure } from '../../shared/lib/app-failure.ts'
import { sha256OrNull } from './hub-api.ts'
import { failedRequest, fetchFrom, type RequestOptions, type RequestSubject } from './hub-requests.ts'
import type { FileLocation, RemoteFileState } from './hub-source.ts'

const timeoutMs = 20_000

/** By Hugging Face's protocol: its redirect tells size, hash and commit of what is behind it. */
export async function headFileState(
  location: FileLocation,
  subject: RequestSubject,
  signal?: AbortSignal,
): Promise<RemoteFileState> {
  const head = await ask(location, subject, { method: 'HEAD', redirect: 'same-origin', signal })
  const isRedirect = head.status >= 300 && head.status < 400
  if (!head.ok && !isRedirect) throw failedRequest(location, subject, head)
  const linkedSize = head.headers.get('x-linked-size')
  const linkedEtag = head.headers.get('x-linked-etag')
  const target = linkedSize !== null || !isRedirect ? null : await firstByteState(location, subject, signal)
  return {
    sizeBytes: target?.sizeBytes ?? sizeOrFailure(location, linkedSize ?? head.headers.get('content-length')),
    sha256: sha256OrNull(linkedEtag) ?? target?.sha256 ?? null,
    etag: linkedEtag ?? target?.etag ?? head.headers.get('etag'),
    revision: head.headers.get('x-repo-commit'),
  }
}

/** By asking for one byte: signed addresses behind a redirect may refuse a HEAD. */
export async function firstByteState(
  location: FileLocation,
  subject: RequestSubject,
  signal?: AbortSignal,
): Promise<RemoteFileState> {
  const response = await ask(location, subject, { headers: { range: 'bytes=0-0' }, signal })
  const { headers } = response
  if (!response.ok) throw failedRequest(location, subject, response)
  return {
    sizeBytes: sizeOrFailure(location, headers.get('content-range')?.split('/')[1] ?? headers.get('content-length')),
    sha256: sha256OrNull(headers.get('x-linked-etag')),
    etag: headers.get('etag'),
    revision: headers.get('x-repo-commit'),
  }
}

async function ask(location: FileLocation, subject: RequestSubject, options: RequestOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const response = await fetchFrom(location, {
    ...options,
    headers: { ...options.headers, 'accept-encoding': 'identity' },
    signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
  }).catch((error: unknown) => {
    throw failedRequest(location, subject, error)
  })
  await response.body?.cancel()
  return response
}

function sizeOrFailure({ url }: FileLocation, size: string | null | undefined): number {
  if (!size || !/^\d+$/.test(size)) throw new AppFailure('HUB_FAILED', { host: new URL(url).host, detail: 'no size' })
  return Number(size)
}
