/**
 * The exact prompts and answers of the last requests, in memory only, while `apiLogsPrompts` is set. A viewer has
 * its own place in the log and is given what came since; what was dropped meanwhile it does not see.
 */
import type { RequestLogEntry } from '../../shared/contract/api-server.ts'
import type { SettingsService } from '../settings/settings-service.ts'

const mostEntries = 200
const mostCharacters = 20_000

export class RequestLog {
  readonly #settings: SettingsService
  #entries: RequestLogEntry[] = []
  /** Of all that were ever added. */
  #count = 0
  /** Replaced by each change. */
  #change = Promise.withResolvers<void>()

  constructor(settings: SettingsService) {
    this.#settings = settings
    void this.#dropWhenOff()
  }

  get isOn(): boolean {
    return this.#settings.get().apiLogsPrompts
  }

  add(entry: RequestLogEntry): void {
    if (!this.isOn) return
    const { prompt, answer } = entry
    this.#entries.push({ ...entry, prompt: cut(prompt), answer: cut(answer) })
    if (this.#entries.length > mostEntries) this.#entries.shift()
    this.#count++
    this.#changed()
  }

  clear(): void {
    this.#entries = []
  }

  /** With `keptToo` what is kept at once, be it nothing; then each new entry, until `signal` aborts. */
  async *watch({
    keptToo,
    signal,
  }: {
    keptToo: boolean
    signal?: AbortSignal
  }): AsyncGenerator<RequestLogEntry[], void, void> {
    const wake = () => this.#changed()
    signal?.addEventListener('abort', wake)
    try {
      let seen = this.#count
      if (keptToo && !signal?.aborted) yield [...this.#entries]
      while (!signal?.aborted) {
        const fresh = Math.min(this.#count - seen, this.#entries.length)
        seen = this.#count
        if (fresh > 0) yield this.#entries.slice(-fresh)
        else await this.#change.promise
      }
    } finally {
      signal?.removeEventListener('abort', wake)
    }
  }

  async #dropWhenOff(): Promise<void> {
    for await (const { apiLogsPrompts } of this.#settings.watch()) if (!apiLogsPrompts) this.clear()
  }

  #changed(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }
}

/** Cut in the middle of no character. */
export function cut(text: string): string {
  if (text.length <= mostCharacters) return text
  const head = text.slice(0, mostCharacters)
  return head.isWellFormed() ? head : head.slice(0, -1)
}
