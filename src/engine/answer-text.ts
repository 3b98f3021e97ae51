/**
 * Makes text of an answer's bytes: whole characters only, in pieces of about 30 ms or 4 kB, and
 * without the text that ends an answer. A character or a stop text that has only begun is held back.
 */
const mergeMs = 30
const mergeLength = 4096

export interface AnswerTextOptions {
  /** The answer ends before any of these. */
  stopTexts: readonly string[]
  /** SentencePiece begins every word with a space, the first of an answer too. */
  dropsFirstSpace: boolean
  emit: (text: string) => void
}

export class AnswerText {
  readonly #options: AnswerTextOptions
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #isFirst = true
  #held = ''
  #waiting = ''
  #emitted = ''
  #isWhole = true
  #emittedAt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: AnswerTextOptions) {
    this.#options = options
  }

  /** True when a stop text is complete; then nothing more may be pushed. */
  push(bytes: Uint8Array): boolean {
    let text = this.#held + this.#decode(bytes)
    const stop = this.#firstStop(text)
    if (stop >= 0) {
      this.#isWhole = false
      text = text.slice(0, stop)
    }
    const held = stop >= 0 ? 0 : this.#lengthToHold(text)
    this.#held = text.slice(text.length - held)
    this.#write(text.slice(0, text.length - held))
    return stop >= 0
  }

  /** Emits what waits. A character that never became whole is left out. To be called once. */
  end(): void {
    this.#write(this.#held)
    this.#emit()
    if (this.#decoder.decode() !== '') this.#isWhole = false
  }

  /** All that was emitted. */
  get text(): string {
    return this.#emitted
  }

  /** After `end`: whether the text says everything the bytes did. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  #decode(bytes: Uint8Array): string {
    const text = this.#decoder.decode(bytes, { stream: true })
    if (!this.#isFirst || text === '') return text
    this.#isFirst = false
    return this.#options.dropsFirstSpace && text.startsWith(' ') ? text.slice(1) : text
  }

  #firstStop(text: string): number {
    const starts = this.#options.stopTexts.map((stopText) => text.indexOf(stopText)).filter((start) => start >= 0)
    return starts.length ? Math.min(...starts) : -1
  }

  #lengthToHold(text: string): number {
    let hold = 0
    for (const stopText of this.#options.stopTexts) {
      for (let length = Math.min(stopText.length - 1, text.length); length > hold; length--) {
        if (text.endsWith(stopText.slice(0, length))) hold = length
      }
    }
    return hold
  }

  #write(text: string): void {
    if (text === '') return
    this.#waiting += text
    const waitMs = this.#emittedAt + mergeMs - performance.now()
    if (waitMs <= 0 || this.#waiting.length >= mergeLength) this.#emit()
    else this.#timer ??= setTimeout(() => this.#emit(), waitMs)
  }

  #emit(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting === '') return
    this.#options.emit(this.#waiting)
    this.#emitted += this.#waiting
    this.#waiting = ''
    this.#emittedAt = performance.now()
  }
}
