import type { HubFile } from '../../shared/contract/hubs.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { FileLocation, HubSource, RemoteFileState } from '../hubs/hub-source.ts'
import type { TransferEnd } from './transfer-messages.ts'

/** The hub has other bytes now than the download began with. `state` is of those. */
export class FileChanged extends AppFailure<'FILE_CHANGED'> {
  readonly state: RemoteFileState

  constructor(fileName: string, state: RemoteFileState) {
    super('FILE_CHANGED', { fileName })
    this.state = state
  }
}

/** As the hub asked with Retry-After. */
export class Busy extends AppFailure<'HUB_BUSY'> {
  readonly retryAfterMs: number

  constructor(host: string, status: number, retryAfterMs: number) {
    super('HUB_BUSY', { host, status })
    this.retryAfterMs = retryAfterMs
  }
}

/** Why a transfer did not bring the whole file, as a code. */
export function failureOfEnd(
  end: Exclude<TransferEnd, { type: 'whole' }>,
  file: HubFile,
  location: FileLocation,
  hubs: Pick<HubSource, 'failureOf'>,
): Error {
  if (end.type === 'disk') {
    const isFull = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(end.code)
    return isFull ? new AppFailure('DISK_FULL', { path: file.path }) : new Error(end.message)
  }
  // The next look at the file's state tells whether it is another one now.
  if (end.type === 'changed') {
    const { host } = new URL(location.url)
    return new AppFailure('HUB_FAILED', { host, detail: 'size or version are not those of the file it described' })
  }
  const { host, origin } = new URL(end.url)
  if (end.type === 'stalled') return new AppFailure('DOWNLOAD_STALLED', { host })
  if (end.type === 'not-understood') return new AppFailure('HUB_FAILED', { host, detail: end.detail })
  if (end.type === 'network') {
    return new AppFailure('HOST_UNREACHABLE', { host, reason: end.reason })
  }
  const { status, headers } = end
  const retryAfterMs = parseRetryAfter(headers['retry-after'])
  if ((status === 429 || status >= 500) && retryAfterMs !== null) return new Busy(host, status, retryAfterMs)
  // What a CDN refuses says nothing about rights: its addresses are signed and expire.
  const isOwn = origin === new URL(location.url).origin
  if (!isOwn && status < 500 && status !== 429) return new AppFailure('HUB_FAILED', { host, detail: `HTTP ${status}` })
  return hubs.failureOf(location, new Response(null, { status, headers }))
}

/** Seconds or a date; null without one that makes sense. */
function parseRetryAfter(value: string | undefined): number | null {
  if (value === undefined) return null
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
