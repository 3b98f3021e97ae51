/**
 * How many tokens of a prompt to read at once: as many as take about a sixth of a second. The
 * library cannot be interrupted within a piece, so its length is how long a stop keeps the engine
 * busy and how often progress is shown; much smaller pieces would read slower.
 */
const targetMs = 170

export class PromptPace {
  readonly #batchSize: number
  #tokensPerMs = 0

  /** `batchSize`: the most tokens the context takes at once. */
  constructor(batchSize: number) {
    this.#batchSize = batchSize
  }

  /** At least 1, at most the batch size; 8 before anything was measured. */
  get pieceLength(): number {
    if (this.#tokensPerMs === 0) return Math.min(8, this.#batchSize)
    const length = Math.min(this.#batchSize, Math.max(1, Math.floor(this.#tokensPerMs * targetMs)))
    const step = length >= 64 ? 32 : length >= 8 ? 8 : 1
    return length - (length % step)
  }

  measured(tokens: number, elapsedMs: number): void {
    const speed = tokens / Math.max(elapsedMs, 0.1)
    this.#tokensPerMs = this.#tokensPerMs === 0 ? speed : (this.#tokensPerMs + speed) / 2
  }
}
