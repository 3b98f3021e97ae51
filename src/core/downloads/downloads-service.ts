/**
 * The queue of downloads. Invariants: what the database and the part files say survives a kill, so that a new
 * start goes on where the last one was; there is one download for one place on disk; at most
 * `settings.parallelDownloads` run, the longest in the queue first.
 */
import { v7 as uuidv7 } from 'uuid'
import type { Download } from '../../shared/contract/downloads.ts'
import type { SourceId } from '../../shared/contract/hubs.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { HubSource } from '../hubs/hub-source.ts'
import { internalFailure } from '../internal-failure.ts'
import type { Log } from '../ports.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { ActiveDownload } from './active-download.ts'
import { checkSpace } from './disk-space.ts'
import { DownloadEvents } from './download-events.ts'
import type { DownloadsRepository } from './downloads-repository.ts'
import { deleteParts, receivedBytes, runDownload } from './run-download.ts'
import { removeEmptyFolders, targetDirectory, targetPath } from './target-path.ts'
import { Busy, FileChanged } from './transfer-failure.ts'

export interface DownloadsOptions {
  repository: DownloadsRepository
  settings: SettingsService
  hubs: HubSource
  /** Where models go unless the settings say otherwise. */
  modelsDirectory: string
  /** Of `download-worker`. */
  workerPath: string
  log: Log
  /** Puts a finished download into the list of models. */
  addModel: (model: { paths: string[]; repository: string; sha256: string }) => Promise<{ id: string }>
  /** Throws NOT_FOUND. */
  findInCatalog: (entryId: string, fileName: string) => Promise<CatalogDownload>
  /** Of one connection, until it is given up; 20 s by default. */
  stallMs?: number
  /** Before the first try after a failure that may pass, 2 s by default; doubled each time, to 5 minutes. */
  retryMs?: number
}

export interface VariantReference {
  sourceId: SourceId
  repository: string
  revision: string
  variant: string
}

/** `sha256` is what the catalog says, for hubs that do not. */
export type CatalogDownload = VariantReference & { sha256: string | null }

const longestRetryMs = 5 * 60_000
/** These pass by themselves, so the next try is made by itself. */
const mayPass = new Set(['OFFLINE', 'HOST_UNREACHABLE', 'HUB_BUSY', 'FILE_CHANGED'])

export class DownloadsService {
  readonly #options: DownloadsOptions
  readonly #events = new DownloadEvents()
  /** In the order of the queue. */
  readonly #downloads: ActiveDownload[]
  readonly #retries = new Map<string, NodeJS.Timeout>()
  readonly #closing = new AbortController()

  constructor(options: DownloadsOptions) {
    this.#options = options
    this.#downloads = options.repository.list().map((stored) => new ActiveDownload(stored))
  }

  /** Goes on with what was running or waiting when the app ended. */
  start(): void {
    for (const download of this.#downloads) {
      if (['downloading', 'verifying', 'waiting'].includes(download.stored.state)) download.setState('queued')
    }
    void this.#followSettings()
  }

  /** In the order of the queue. */
  list(): Download[] {
    return this.#downloads.map((download) => download.toDownload())
  }

  watch(signal?: AbortSignal) {
    return this.#events.watch(this.list(), signal)
  }

  /** Rejects with the codes of `downloads.start`. */
  async add(reference: VariantReference, sha256: string | null = null): Promise<Download> {
    const { sourceId, repository, revision, variant } = reference
    const { hubs } = this.#options
    const found = await hubs.findVariant(sourceId, repository, revision, variant)
    const files = found.files.map((file, i) => (i === 0 ? { ...file, sha256: file.sha256 ?? sha256 } : file))
    const directory = targetDirectory(this.#modelsDirectory, repository, files)
    const known = this.#downloads.find(
      ({ stored }) => targetPath(stored.directory, stored.files[0]!) === targetPath(directory, files[0]!),
    )
    if (known && known.stored.state !== 'complete') {
      if (['paused', 'failed', 'waiting'].includes(known.stored.state)) await this.resume(known.stored.id)
      return known.toDownload()
    }
    if (known?.isOnDisk(files)) return known.toDownload()
    const download = new ActiveDownload({
      id: known?.stored.id ?? uuidv7(),
      position: (this.#downloads.at(-1)?.stored.position ?? 0) + 1,
      sourceId,
      repository,
      revision,
      name: found.name,
      quantization: found.quantization,
      files,
      directory,
      state: 'queued',
      failure: null,
      modelId: null,
      createdAt: Date.now(),
    })
    await this.#checkSpace(download)
    if (known) this.#downloads.splice(this.#downloads.indexOf(known), 1)
    this.#downloads.push(download)
    this.#save(download)
    this.#fill()
    return download.toDownload()
  }

  /** Rejects with the codes of `downloads.startFromCatalog`. */
  async addFromCatalog(entryId: string, fileName: string): Promise<Download> {
    const { sha256, ...reference } = await this.#options.findInCatalog(entryId, fileName)
    return this.add(reference, sha256)
  }

  async pause(downloadId: string): Promise<void> {
    const download = this.#get(downloadId)
    if (['complete', 'failed'].includes(download.stored.state)) return
    download.setState('paused')
    await this.#stop(download)
    this.#save(download)
    this.#fill()
  }

  /** Rejects with NOT_FOUND and NOT_ENOUGH_SPACE. */
  async resume(downloadId: string): Promise<void> {
    const download = this.#get(downloadId)
    if (!['paused', 'failed', 'waiting'].includes(download.stored.state)) return
    await this.#checkSpace(download)
    clearTimeout(this.#retries.get(downloadId))
    download.tries = 0
    download.setState('queued')
    this.#save(download)
    this.#fill()
  }

  async remove(downloadId: string): Promise<void> {
    const download = this.#get(downloadId)
    const isComplete = download.stored.state === 'complete'
    this.#downloads.splice(this.#downloads.indexOf(download), 1)
    await this.#stop(download)
    if (!isComplete) {
      deleteParts(download.stored)
      removeEmptyFolders(download.stored.directory, this.#modelsDirectory)
    }
    this.#options.repository.delete(downloadId)
    this.#events.removed(download)
    this.#fill()
  }

  /** Flushes what running downloads have; the next start goes on with them. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#retries.forEach(clearTimeout)
    await Promise.all(this.#downloads.map((download) => this.#stop(download)))
  }

  async #followSettings(): Promise<void> {
    for await (const _ of this.#options.settings.watch(this.#closing.signal)) this.#fill()
  }

  get #modelsDirectory(): string {
    return this.#options.settings.get().modelsDirectory ?? this.#options.modelsDirectory
  }

  #get(downloadId: string): ActiveDownload {
    const download = this.#downloads.find(({ stored }) => stored.id === downloadId)
    if (!download) throw new AppFailure('NOT_FOUND', { what: 'download', id: downloadId })
    return download
  }

  /** Lets as many run as may. */
  #fill(): void {
    if (this.#closing.signal.aborted) return
    for (const download of this.#downloads) {
      const running = this.#downloads.filter(({ run }) => run).length
      if (running >= this.#options.settings.get().parallelDownloads) return
      if (download.stored.state !== 'queued' || download.run) continue
      const abort = new AbortController()
      download.run = { abort, ended: Promise.resolve() }
      download.run.ended = this.#run(download, abort.signal).finally(() => {
        download.run = null
        this.#fill()
      })
    }
  }

  async #stop({ run, stored }: ActiveDownload): Promise<void> {
    clearTimeout(this.#retries.get(stored.id))
    run?.abort.abort()
    await run?.ended
  }

  async #run(download: ActiveDownload, signal: AbortSignal): Promise<void> {
    try {
      await this.#checkSpace(download)
      signal.throwIfAborted()
      this.#setState(download, 'downloading')
      const { paths, sha256 } = await runDownload({
        download: download.stored,
        hubs: this.#options.hubs,
        workerPath: this.#options.workerPath,
        stallMs: this.#options.stallMs ?? 20_000,
        signal,
        onProgress: (bytes) => {
          download.progressed(bytes)
          this.#events.progressed(download)
        },
        onSource: (sourceId) => (download.sourceId = sourceId),
        onState: (state) => this.#setState(download, state),
      })
      await this.#complete(download, paths, sha256)
    } catch (error) {
      // Paused, removed, or closed: whoever did that says what it is now.
      if (!signal.aborted) this.#failed(download, error)
    }
  }

  async #complete(download: ActiveDownload, paths: string[], sha256: string): Promise<void> {
    const { repository } = download.stored
    try {
      const model = await this.#options.addModel({ paths, repository, sha256 })
      download.stored = { ...download.stored, modelId: model.id }
      this.#setState(download, 'complete')
    } catch (error) {
      // The files are whole. Why there is no model of them is told beside them.
      download.setState('complete', this.#failureOf(download, error).toFailure())
      this.#save(download)
    }
  }

  #failed(download: ActiveDownload, error: unknown): void {
    const failure = this.#failureOf(download, error)
    const isPassing = mayPass.has(failure.code)
    if (error instanceof FileChanged) this.#takeNewVersion(download, failure as AppFailure<'FILE_CHANGED'>, error)
    download.receivedBytes = receivedBytes(download.stored)
    download.setState(isPassing ? 'waiting' : 'failed', failure.toFailure())
    if (isPassing) {
      const backOffMs = Math.min(longestRetryMs, (this.#options.retryMs ?? 2_000) * 2 ** download.tries++)
      const pauseMs = error instanceof Busy ? error.retryAfterMs : backOffMs
      download.retryAt = Date.now() + pauseMs
      const retry = setTimeout(() => {
        this.#setState(download, 'queued')
        this.#fill()
      }, pauseMs)
      this.#retries.set(download.stored.id, retry)
    }
    this.#save(download)
  }

  #takeNewVersion(download: ActiveDownload, { data }: AppFailure<'FILE_CHANGED'>, { state }: FileChanged): void {
    const files = download.stored.files.map((file) =>
      file.path === data.fileName ? { ...file, sizeBytes: state.sizeBytes, sha256: state.sha256 } : file,
    )
    download.stored = { ...download.stored, files }
  }

  #failureOf(download: ActiveDownload, error: unknown): AppFailure {
    if (error instanceof AppFailure) return error
    return internalFailure(this.#options.log, 'A download failed unexpectedly', error, { id: download.stored.id })
  }

  async #checkSpace({ stored, neededBytes }: ActiveDownload): Promise<void> {
    const others = this.#downloads.filter((other) => other.run && other.stored.id !== stored.id)
    const reserved = others.map((other) => ({ directory: other.stored.directory, neededBytes: other.neededBytes }))
    await checkSpace(stored.directory, neededBytes, reserved)
  }

  #setState(download: ActiveDownload, state: Download['state']): void {
    if (download.stored.state === state && !download.stored.failure) return
    download.setState(state)
    this.#save(download)
  }

  #save(download: ActiveDownload): void {
    this.#options.repository.save(download.stored)
    this.#events.saved(download)
  }
}
