import type { Download, DownloadEvent } from '../../shared/contract/downloads.ts'
import { EventStream } from '../event-stream.ts'
import type { ActiveDownload } from './active-download.ts'

const progressMs = 250

/** What watchers are told: each change of state at once, progress of each download four times a second at most. */
export class DownloadEvents {
  readonly #stream = new EventStream<DownloadEvent>()
  /** Those whose progress was told a moment ago; true: and has gone on since. */
  readonly #told = new Map<ActiveDownload, boolean>()

  /** All of them first, then what changes. */
  watch(downloads: Download[], signal?: AbortSignal) {
    return this.#stream.watch({ type: 'downloads', downloads }, signal)
  }

  saved(download: ActiveDownload): void {
    this.#stream.publish({ type: 'download-saved', download: download.toDownload() })
  }

  /** What is told later is the progress of then. A download that is removed meanwhile is not told of again. */
  progressed(download: ActiveDownload): void {
    if (this.#told.has(download)) {
      this.#told.set(download, true)
      return
    }
    this.saved(download)
    this.#told.set(download, false)
    setTimeout(() => {
      const hasGoneOn = this.#told.get(download)
      this.#told.delete(download)
      if (hasGoneOn) this.progressed(download)
    }, progressMs).unref()
  }

  removed(download: ActiveDownload): void {
    this.#told.delete(download)
    this.#stream.publish({ type: 'download-removed', downloadId: download.stored.id })
  }
}
