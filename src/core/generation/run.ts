/**
 * One answer while it is made. The run owns the text; viewers come and go. Each viewer has its own
 * place in the text and is given, whenever it asks, all that came since: a slow viewer gets fewer
 * and larger pieces, and nothing is queued for it. A run ends once, and each viewer hears of it once.
 */
import type { Message } from '../../shared/contract/chats.ts'
import type { RunEvent, RunPhase } from '../../shared/contract/generation.ts'

export class Run {
  readonly answer: Message
  readonly #requestedAt: number
  readonly #stop = new AbortController()
  readonly #end = Promise.withResolvers<void>()
  #text: string
  #timeToFirstTextMs: number | null = null
  #phase: RunPhase | null = null
  #ended: Message | null = null
  #viewerCount = 0
  /** Replaced by each change. */
  #change = Promise.withResolvers<void>()

  /** Of an answer that is not running, this is a run that is over. `requestedAt` is on performance.now()'s clock. */
  constructor(answer: Message, requestedAt = performance.now()) {
    this.answer = answer
    this.#requestedAt = requestedAt
    this.#text = answer.text
    if (answer.status !== 'running') this.end(answer)
  }

  get text(): string {
    return this.#text
  }

  /** From the request to the first piece of text; null before it. */
  get timeToFirstTextMs(): number | null {
    return this.#timeToFirstTextMs
  }

  get isWatched(): boolean {
    return this.#viewerCount > 0
  }

  /** Aborted by `stop`. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Resolves when the run is over. */
  get ended(): Promise<void> {
    return this.#end.promise
  }

  stop(): void {
    this.#stop.abort()
  }

  setPhase(phase: RunPhase): void {
    this.#phase = phase
    this.#changed()
  }

  append(text: string): void {
    this.#timeToFirstTextMs ??= performance.now() - this.#requestedAt
    this.#text += text
    if (this.#phase?.phase !== 'writing') this.#phase = { phase: 'writing' }
    this.#changed()
  }

  /** `message` is the answer as it is to be shown from now on. */
  end(message: Message): void {
    this.#ended = message
    this.#changed()
    this.#end.resolve()
  }

  /**
   * The phase and the text after `offset` (UTF-16 units), then what comes, then one `end`. An offset
   * beyond the text counts as its end. An abort of `signal` ends the stream and nothing else.
   */
  async *attach(offset: number, signal?: AbortSignal): AsyncGenerator<RunEvent, void, void> {
    const wake = () => this.#changed()
    signal?.addEventListener('abort', wake)
    this.#viewerCount++
    try {
      let sent = Math.min(offset, this.#text.length)
      let phase: RunPhase | null = null
      while (!signal?.aborted) {
        if (!this.#ended && this.#phase && this.#phase !== phase) {
          phase = this.#phase
          yield { type: 'phase', phase }
        } else if (sent < this.#text.length) {
          const event: RunEvent = { type: 'text', offset: sent, text: this.#text.slice(sent) }
          sent = this.#text.length
          yield event
        } else if (this.#ended) {
          yield { type: 'end', message: this.#ended }
          return
        } else {
          await this.#change.promise
        }
      }
    } finally {
      this.#viewerCount--
      signal?.removeEventListener('abort', wake)
    }
  }

  #changed(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }
}
