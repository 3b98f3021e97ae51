/**
 * Tells whether drafting pays, so that it never makes a chat slower for long. Some answers begin with
 * a stretch of tokens made without drafting; their speed is held against that of the drafted tokens,
 * and as soon as enough of them were slower, drafting is over until the model is loaded again.
 */

/** Tokens without drafting at the head of an answer that measures. */
const stretchTokens = 16
/** Measured in every answer until there are so many, later only in every eighth. */
const enoughPlainTokens = 32
const measuresEvery = 8
/** As many drafted tokens are needed for a verdict; older ones fade after eight times as many. */
const enoughDraftedTokens = 64
/** Two measurements of the same speed differ by so much. */
const tolerance = 0.95

interface Speed {
  tokens: number
  ms: number
}

export class DraftPay {
  readonly #plain: Speed = { tokens: 0, ms: 0 }
  readonly #drafted: Speed = { tokens: 0, ms: 0 }
  #answers = 0
  #isPaused = false

  /** To be called before each answer; returns how many tokens at its head are to be made without drafting. */
  beginAnswer(): number {
    const measures = this.#plain.tokens < enoughPlainTokens || this.#answers % measuresEvery === 0
    this.#answers++
    return measures ? stretchTokens : 0
  }

  /** So many tokens took so long. */
  measured(isDrafted: boolean, tokens: number, elapsedMs: number): void {
    add(isDrafted ? this.#drafted : this.#plain, tokens, elapsedMs)
    if (this.#plain.tokens < stretchTokens / 2 || this.#drafted.tokens < enoughDraftedTokens) return
    if (perSecond(this.#drafted) < perSecond(this.#plain) * tolerance) this.#isPaused = true
  }

  /** Drafting was found to be slower. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  /** null before enough was measured. */
  get plainTokensPerSecond(): number | null {
    return this.#plain.tokens < stretchTokens / 2 ? null : perSecond(this.#plain)
  }
}

function add(speed: Speed, tokens: number, elapsedMs: number): void {
  speed.tokens += tokens
  speed.ms += elapsedMs
  if (speed.tokens < enoughDraftedTokens * 8) return
  speed.tokens /= 2
  speed.ms /= 2
}

function perSecond({ tokens, ms }: Speed): number {
  return tokens / (Math.max(ms, 0.001) / 1000)
}
