/** A download as it is now: what is stored of it, and what is only true while the app runs. */
import { existsSync } from 'node:fs'
import type { Download, DownloadState } from '../../shared/contract/downloads.ts'
import type { Failure } from '../../shared/contract/errors.ts'
import type { HubFile } from '../../shared/contract/hubs.ts'
import type { StoredDownload } from './downloads-repository.ts'
import { receivedBytes } from './run-download.ts'
import { targetPath } from './target-path.ts'
import { TransferRate } from './transfer-rate.ts'

export class ActiveDownload {
  stored: StoredDownload
  /** While it runs. */
  run: { abort: AbortController; ended: Promise<void> } | null = null
  receivedBytes: number
  /** When `waiting` ends, ms since 1970. */
  retryAt: number | null = null
  /** Runs in a row that failed without a new byte. */
  tries = 0
  #sourceId: Download['sourceId']
  #rate = new TransferRate()

  constructor(stored: StoredDownload) {
    this.stored = stored
    this.#sourceId = stored.sourceId
    this.receivedBytes = stored.state === 'complete' ? this.sizeBytes : receivedBytes(stored)
  }

  get sizeBytes(): number {
    return this.stored.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  get neededBytes(): number {
    return this.sizeBytes - this.receivedBytes
  }

  set sourceId(sourceId: Download['sourceId']) {
    this.#sourceId = sourceId
  }

  setState(state: DownloadState, failure: Failure | null = null): void {
    if (state === 'queued') this.#rate = new TransferRate()
    this.stored = { ...this.stored, state, failure }
    this.retryAt = null
  }

  progressed(receivedBytes: number): void {
    if (receivedBytes > this.receivedBytes) this.tries = 0
    this.receivedBytes = receivedBytes
    this.#rate.add(receivedBytes)
  }

  /** Whether the finished files are there, and came from just these. */
  isOnDisk(files: HubFile[]): boolean {
    const { directory } = this.stored
    if (versionsOf(files) !== versionsOf(this.stored.files)) return false
    return files.every((file) => existsSync(targetPath(directory, file)))
  }

  toDownload(): Download {
    const { position: _, ...stored } = this.stored
    const bytesPerSecond = stored.state === 'downloading' ? this.#rate.bytesPerSecond : null
    return {
      ...stored,
      sourceId: this.#sourceId,
      sizeBytes: this.sizeBytes,
      receivedBytes: this.receivedBytes,
      bytesPerSecond,
      secondsLeft: bytesPerSecond ? this.neededBytes / bytesPerSecond : null,
      retryAt: this.retryAt,
    }
  }
}

function versionsOf(files: HubFile[]): string {
  return JSON.stringify(files.map(({ path, sizeBytes, sha256 }) => [path, sizeBytes, sha256]))
}
