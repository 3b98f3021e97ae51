/** Counts tokens by the second, for as many seconds as it was made for; older ones are forgotten. */
export class TokenRate {
  readonly #counts: number[]
  /** In whole seconds; the second that the last count is of. */
  #second = seconds()
  #firstAt: number | null = null

  constructor(length: number) {
    this.#counts = Array<number>(length).fill(0)
  }

  add(tokens: number): void {
    this.#forget()
    this.#firstAt ??= performance.now()
    this.#counts[this.#counts.length - 1]! += tokens
  }

  /** The newest last; it is not over yet. */
  seconds(): number[] {
    this.#forget()
    return [...this.#counts]
  }

  get isZero(): boolean {
    this.#forget()
    return this.#counts.every((count) => count === 0)
  }

  /** Per second, over all its seconds, or since the first token; null in the first fifth of a second. */
  average(): number | null {
    this.#forget()
    if (this.#firstAt === null) return null
    const beganAt = Math.max(this.#firstAt, (this.#second - this.#counts.length + 1) * 1000)
    const elapsedMs = performance.now() - beganAt
    return elapsedMs < 200 ? null : (this.#counts.reduce((sum, count) => sum + count, 0) * 1000) / elapsedMs
  }

  #forget(): void {
    const passed = Math.min(seconds() - this.#second, this.#counts.length)
    this.#second = seconds()
    if (passed <= 0) return
    this.#counts.splice(0, passed)
    this.#counts.push(...Array<number>(passed).fill(0))
  }
}

function seconds(): number {
  return Math.floor(performance.now() / 1000)
}
