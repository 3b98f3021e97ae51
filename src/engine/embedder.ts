/**
 * Vectors of texts: the mean of the last hidden states over a text's tokens, BOS included, made 1 long; what the
 * API demos of the Chinese-LLaMA-Alpaca projects give. A model whose file says that its last token stands for the
 * text gives that one's state. Source: Chinese-LLaMA-Alpaca-2, scripts/openai_server_demo/openai_api_server.py.
 *
 * The texts have a context of their own, opened at the first call, as large as the longest text needs, and closed
 * when nobody has asked for a while. It reads in pieces, between which the answers of the other context go on:
 * llama.cpp gives the mean of each piece, and they are added up by their lengths.
 */
import { setImmediate as nextCycle } from 'node:timers/promises'
import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp'
import type { EngineCalls } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { decode, nativeContextOf } from './library-inside.ts'
import type { LoadedModel } from './loaded-model.ts'
import type { Pooling } from './metadata-overrides.ts'
import { PromptTokenizer } from './prompt-tokens.ts'

/** llama.cpp keeps the logits of all of a piece's tokens: 64 MB for a vocabulary of 128,000. */
export const embeddingPieceLength = 128
const idleMs = 60_000

export interface EmbedderOptions {
  loaded: LoadedModel
  /** Opens a context for embeddings with one sequence, which reads `embeddingPieceLength` tokens at once. */
  openContext: (contextSize: number) => Promise<LlamaContext>
  pooling: Pooling
}

type Embeddings = EngineCalls['embed']['output']

export class Embedder {
  readonly #options: EmbedderOptions
  /** Knows nothing of what was read before, so that a text has the same tokens each time. */
  readonly #prompts: PromptTokenizer
  #opened: { context: LlamaContext; sequence: LlamaContextSequence } | null = null
  #idleTimer: NodeJS.Timeout | undefined
  /** One call after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: EmbedderOptions) {
    const { model, template, beginsWithSpace } = options.loaded
    this.#options = options
    this.#prompts = new PromptTokenizer(model, template, beginsWithSpace)
  }

  /** What was made when `signal` aborts, at once. Rejects with PROMPT_TOO_LONG, or what `openContext` does. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    const made: Embeddings = { vectors: [], tokenCount: 0 }
    const { promise: stopped, resolve: stop } = Promise.withResolvers<Embeddings>()
    signal.addEventListener('abort', () => stop({ ...made, vectors: made.vectors.slice() }))
    const work = this.#last.then(() => this.#embed(texts, made, signal))
    this.#last = work.catch(() => {})
    return Promise.race([work, stopped])
  }

  async #embed(texts: readonly string[], made: Embeddings, signal: AbortSignal): Promise<Embeddings> {
    const inputs: Token[][] = []
    for (const text of texts) {
      inputs.push(this.#tokensOf(text))
      await nextCycle()
    }
    const longest = inputs.reduce((most, { length }) => Math.max(most, length), 0)
    const { contextSize } = this.#options.loaded.slots[0]!.sequence
    if (longest >= contextSize) throw new AppFailure('PROMPT_TOO_LONG', { promptTokens: longest, contextSize })
    clearTimeout(this.#idleTimer)
    try {
      for (const tokens of inputs) {
        if (signal.aborted) break
        const sequence = await this.#sequenceFor(longest)
        const vector = await this.#vectorOf(tokens, sequence, signal)
        if (!vector) break
        made.vectors.push(vector)
        made.tokenCount += tokens.length
      }
    } finally {
      this.#idleTimer = setTimeout(() => void (this.#last = this.#last.then(() => this.#close())), idleMs).unref()
    }
    return made
  }

  #tokensOf(text: string): Token[] {
    const { eos, shouldAppendEosToken } = this.#options.loaded.model.tokens
    const tokens = this.#prompts.tokenize({ text }).tokens.slice()
    if (eos !== null && shouldAppendEosToken) tokens.push(eos)
    // A model without BOS: of nothing there is no state.
    return tokens.length > 0 ? tokens : this.#tokensOf(' ')
  }

  async #sequenceFor(tokenCount: number): Promise<LlamaContextSequence> {
    // The library keeps one cell free.
    if (this.#opened && this.#opened.sequence.contextSize <= tokenCount) await this.#close()
    if (!this.#opened) {
      const context = await this.#options.openContext(tokenCount + 1)
      this.#opened = { context, sequence: context.getSequence() }
    }
    return this.#opened.sequence
  }

  /** null when `signal` has aborted. */
  async #vectorOf(
    tokens: readonly Token[],
    sequence: LlamaContextSequence,
    signal: AbortSignal,
  ): Promise<Float32Array | null> {
    const { loaded, pooling } = this.#options
    const pieceLength = Math.min(embeddingPieceLength, loaded.pace.pieceLength)
    let sum: Float64Array | null = null
    await sequence.clearHistory()
    for (let start = 0; start < tokens.length; start += pieceLength) {
      if (signal.aborted) return null
      const piece = tokens.slice(start, start + pieceLength)
      await decode(sequence, piece, piece.map(() => true), () => null)
      const state = nativeContextOf(sequence).getEmbedding(piece.length)
      const before: Float64Array | null = sum
      sum =
        pooling === 'last' ? state : state.map((value, index) => value * piece.length + (before ? before[index]! : 0))
    }
    return unitVector(sum!)
  }

  async #close(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    await opened?.context.dispose()
  }
}

function unitVector(vector: Float64Array): Float32Array {
  const length = Math.hypot(...vector)
  return Float32Array.from(vector, (value) => (length > 0 ? value / length : 0))
}
