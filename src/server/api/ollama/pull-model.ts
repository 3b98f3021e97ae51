/**
 * `/api/pull`: a download, told as Ollama tells of it. A client that leaves pauses the download that it began, unless
 * another still waits for it; asking again goes on from there. What a person began is left alone.
 */
import { createHash } from 'node:crypto'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import { downloadByReference } from '../../../core/downloads/download-by-reference.ts'
import type { Download, DownloadEvent } from '../../../shared/contract/downloads.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { listDownloads } from '../own/downloads.ts'

type Services = Pick<ApiServices, 'client' | 'inference'>

export class Pulls {
  readonly #services: Services
  /** Of the downloads that a pull began: how many wait for it. */
  readonly #waiting = new Map<string, number>()

  constructor(services: Services) {
    this.#services = services
  }

  /** Ends with `success`. Throws what `downloadByReference` rejects with, and what a download fails with. */
  async *pull(reference: string, signal: AbortSignal): AsyncGenerator<object> {
    const isHere = this.#isInLibrary(reference)
    const id = isHere ? null : await this.#begin(reference)
    try {
      yield { status: 'pulling manifest' }
      if (id !== null) yield* this.#progress(id, signal)
      if (signal.aborted) return
      yield { status: 'verifying sha256 digest' }
      yield { status: 'writing manifest' }
      yield { status: 'success' }
    } finally {
      if (id !== null) await this.#leave(id)
    }
  }

  #isInLibrary(reference: string): boolean {
    try {
      return this.#services.inference.find(reference).model.isPresent
    } catch {
      return false
    }
  }

  async #begin(reference: string): Promise<string> {
    const { client } = this.#services
    const before = await listDownloads(client)
    const { id } = await downloadByReference(client, reference)
    const isNew = !before.some((one) => one.id === id && !['paused', 'failed', 'complete'].includes(one.state))
    const waiting = this.#waiting.get(id)
    if (isNew || waiting !== undefined) this.#waiting.set(id, (waiting ?? 0) + 1)
    return id
  }

  async *#progress(id: string, signal: AbortSignal): AsyncGenerator<object> {
    let told = ''
    for await (const event of await this.#services.client.downloads.watch(undefined, { signal })) {
      if (event.type === 'download-removed' && event.downloadId === id) throw notFound(id)
      const download = downloadOf(event, id)
      if (!download) continue
      if (download.state === 'failed' || (download.state === 'complete' && download.failure)) {
        throw AppFailure.fromFailure(download.failure!)
      }
      const line = progressLine(download)
      if (JSON.stringify(line) !== told) yield line
      told = JSON.stringify(line)
      if (download.state === 'complete' && download.modelId !== null) return
    }
  }

  async #leave(id: string): Promise<void> {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    if (waiting > 1) return void this.#waiting.set(id, waiting - 1)
    this.#waiting.delete(id)
    // One that is complete or failed stays so; one that was removed is gone.
    await this.#services.client.downloads.pause({ downloadId: id }).catch(() => {})
  }
}

function notFound(id: string): AppFailure<'NOT_FOUND'> {
  return new AppFailure('NOT_FOUND', { what: 'download', id })
}

function downloadOf(event: DownloadEvent, id: string): Download | undefined {
  if (event.type === 'downloads') return event.downloads.find((one) => one.id === id)
  return event.type === 'download-saved' && event.download.id === id ? event.download : undefined
}

/** All parts of a model as one layer. */
function progressLine({ files, repository, name, sizeBytes, receivedBytes }: Download): object {
  const digest = files[0]!.sha256 ?? createHash('sha256').update(`${repository}/${name}`).digest('hex')
  const status = `pulling ${digest.slice(0, 12)}`
  return { status, digest: `sha256:${digest}`, total: sizeBytes, completed: receivedBytes }
}
