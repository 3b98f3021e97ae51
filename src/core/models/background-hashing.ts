import type { Log } from '../ports.ts'
import { sha256InBackground, statModel } from './model-file.ts'
import type { ModelLibrary } from './model-library.ts'

/**
 * Gives every model the SHA-256 of its (first) file, one after the other and slowly, so that
 * duplicates can be told and a chat can say which file answered.
 */
export class BackgroundHashing {
  readonly #library: ModelLibrary
  readonly #isBusy: () => boolean
  readonly #log: Log
  readonly #signal: AbortSignal
  #isRunning = false

  /** Nothing is read while `isBusy()`, and nothing more when `signal` aborts. */
  constructor(library: ModelLibrary, isBusy: () => boolean, log: Log, signal: AbortSignal) {
    this.#library = library
    this.#isBusy = isBusy
    this.#log = log
    this.#signal = signal
  }

  /** Hashes until all are hashed; those that cannot be read are left for the next time. */
  async run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    const unreadable: string[] = []
    const { repository } = this.#library
    const signal = this.#signal
    for (;;) {
      const next = signal.aborted ? null : repository.findUnhashed(unreadable)
      if (!next) break
      const { id, path } = next.model
      try {
        const sha256 = await sha256InBackground(path, this.#isBusy, signal)
        const { modifiedAt } = await statModel(path)
        if (signal.aborted) break
        repository.setSha256(id, modifiedAt, sha256)
        this.#library.announce(id)
        if (!repository.find(id)?.model.sha256) unreadable.push(id) // changed meanwhile
      } catch (error) {
        unreadable.push(id)
        if (!signal.aborted) this.#log.warn('A model was not hashed', { path, reason: String(error) })
      }
    }
    this.#isRunning = false
  }
}
