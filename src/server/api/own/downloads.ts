import type { ApiServices } from '../../../core/api-server/api-services.ts'
import { downloadByReference } from '../../../core/downloads/download-by-reference.ts'
import type { Download, DownloadEvent } from '../../../shared/contract/downloads.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import type { ServerSentEvent } from '../stream-response.ts'
import type { DownloadRequest } from './requests.ts'

type Client = ApiServices['client']

export interface DownloadStatus {
  job_id: string
  model: string
  /** As LM Studio says it. */
  status: 'downloading' | 'paused' | 'completed' | 'failed'
  /** Ours, in more detail. */
  state: Download['state']
  total_size_bytes: number
  downloaded_bytes: number
  bytes_per_second: number | null
  estimated_completion: string | null
  started_at: string
  /** Code and data of what stopped it. */
  failure: Download['failure']
}

export async function startDownload(client: Client, { model, quantization }: DownloadRequest): Promise<DownloadStatus> {
  return statusOf(await downloadByReference(client, quantization === undefined ? model : `${model}:${quantization}`))
}

export function statusOf(download: Download): DownloadStatus {
  const { state, secondsLeft } = download
  const isOver = state === 'complete' || state === 'paused' || state === 'failed'
  return {
    job_id: download.id,
    model: `${download.repository}:${download.quantization || download.name}`,
    status: isOver ? (state === 'complete' ? 'completed' : state) : 'downloading',
    state,
    total_size_bytes: download.sizeBytes,
    downloaded_bytes: download.receivedBytes,
    bytes_per_second: download.bytesPerSecond,
    estimated_completion: secondsLeft === null ? null : new Date(Date.now() + secondsLeft * 1000).toISOString(),
    started_at: new Date(download.createdAt).toISOString(),
    failure: download.failure,
  }
}

/** All there are, in the order of the queue. */
export async function listDownloads(client: Client): Promise<Download[]> {
  for await (const event of await client.downloads.watch()) if (event.type === 'downloads') return event.downloads
  return []
}

/** Until it is complete, paused, failed or removed. A client that leaves does not stop it. */
export async function* downloadProgress(
  client: Client,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  for await (const event of await client.downloads.watch(undefined, { signal })) {
    if (event.type === 'download-removed' && event.downloadId === id) break
    const download = downloadOf(event, id)
    if (!download) continue
    const status = statusOf(download)
    if (status.status === 'downloading') yield { event: 'download.progress', data: JSON.stringify(status) }
    else return yield { event: `download.${status.status}`, data: JSON.stringify(status) }
  }
  throw new AppFailure('NOT_FOUND', { what: 'download', id })
}

function downloadOf(event: DownloadEvent, id: string): Download | undefined {
  if (event.type === 'downloads') return event.downloads.find((one) => one.id === id)
  return event.type === 'download-saved' && event.download.id === id ? event.download : undefined
}
