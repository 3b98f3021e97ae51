/**
 * Makes text of an answer's bytes: whole characters only, in pieces of about 30 ms or 4 kB, and
 * without the text that ends an answer. A character or a stop text that has only begun is held back.
 * So each token is heard of before the text that it begins, and one of which nothing is shown is not.
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
  /** Characters that were decoded, and of those, characters that are shown or wait to be. */
  #decodedLength = 0
  #shownLength = 0
  readonly #hidden: { start: number; onShown: () => void }[] = []
  #waiting = ''
  #emitted = ''
  #isWhole = true
  #emittedAt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: AnswerTextOptions) {
    this.#options = options
  }

  /**
   * Returns the stop text that is complete, if one is; then nothing more may be pushed. `onShown` is called before
   * the first text that these bytes are part of is emitted.
   */
  push(bytes: Uint8Array, onShown?: () => void): string | null {
    if (onShown) this.#hidden.push({ start: this.#decodedLength, onShown })
    const decoded = this.#decode(bytes)
    this.#decodedLength += decoded.length
    let text = this.#held + decoded
    const stop = this.#firstStop(text)
    if (stop) {
      this.#isWhole = false
      text = text.slice(0, stop.start)
    }
    const held = stop ? 0 : this.#lengthToHold(text)
    this.#held = text.slice(text.length - held)
    this.#write(text.slice(0, text.length - held))
    return stop?.stopText ?? null
  }

  /** Emits what waits. A character that never became whole is left out. To be called once. */
  end(): void {
    this.#write(this.#held)
    this.#emit()
    if (this.#decoder.decode() !== '') this.#isWhole = false
  }

  /** Whether the next text loses the space it may begin with. */
  get isAtFirstSpace(): boolean {
    return this.#isFirst && this.#options.dropsFirstSpace
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

  #firstStop(text: string): { stopText: string; start: number } | null {
    let first: { stopText: string; start: number } | null = null
    for (const stopText of this.#options.stopTexts) {
      const start = text.indexOf(stopText)
      if (start >= 0 && (first === null || start < first.start)) first = { stopText, start }
    }
    return first
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
    this.#shownLength += text.length
    while (this.#hidden[0] && this.#hidden[0].start < this.#shownLength) this.#hidden.shift()!.onShown()
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
