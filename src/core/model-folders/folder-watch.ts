import { type FSWatcher, watch } from 'node:fs'

const quietMs = 1_000
/** A long copy is a change every moment. */
const longestWaitMs = 15_000
/** Linux watches one folder after the other, and allows some thousands. */
const maxFolders = 2_000
/** Files that are being written have other endings than models. */
const unfinished = /\.(part|partial|download|incomplete|crdownload|tmp)$/i

/** Calls `onChange` when it has been quiet for a second after a change in a folder, at the latest after 15 s. */
export class FolderWatch {
  readonly #onChange: () => void
  readonly #watchers = new Map<string, FSWatcher>()
  #timer: NodeJS.Timeout | undefined
  #waitsSince: number | null = null

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** From now on these and no others. What cannot be watched is left to scans at start and by hand. */
  watch(folders: string[]): void {
    const wanted = new Set(folders.slice(0, maxFolders))
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#open(folder)
  }

  close(): void {
    this.watch([])
    clearTimeout(this.#timer)
  }

  #open(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false })
      watcher.on('change', (_type, name) => this.#changed(String(name ?? '')))
      watcher.on('error', () => this.#drop(folder, watcher))
      this.#watchers.set(folder, watcher)
    } catch {
      // No permission, or the system's limit is reached.
    }
  }

  #drop(folder: string, watcher: FSWatcher): void {
    watcher.close()
    if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder)
  }

  #changed(name: string): void {
    if (unfinished.test(name)) return
    this.#waitsSince ??= performance.now()
    const restMs = longestWaitMs - (performance.now() - this.#waitsSince)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#waitsSince = null
      this.#onChange()
    }, Math.max(0, Math.min(quietMs, restMs))).unref()
  }
}
