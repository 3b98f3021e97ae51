/**
 * How likely the model holds each token that it draws for an answer, before temperature, penalties, bias or
 * grammar: the softmax over its logits. The library tells of what its samplers have left over only, so the logits
 * of a place are looked at once more, past the library's public face, before the next ones take their place.
 */
import type { LlamaContextSequence, LlamaModel, SequenceEvaluateOptions, Token } from 'node-llama-cpp'

/** `logprob`: natural logarithm of the probability. */
export interface TokenWeight {
  token: Token
  logprob: number
}

export interface WeighedToken extends TokenWeight {
  /** The likeliest of all, the first one first. */
  top: TokenWeight[]
}

interface NativeSampler {
  applyConfig(config: object): void
  dispose(): void
}

/** Which logits are told: of these tokens, of the largest among them, of the smallest, of the chosen one, and so many of the largest of all. */
type LogitsFilter = [tokens: Token[], max: boolean, min: boolean, selected: boolean, top: number]

/** `logits`: token, logit, token, logit, … `totalWeight`: the sum of exp(logit − the largest). */
type Sampled = [token: Token, probabilities: undefined, confidence: undefined, logits: number[], totalWeight: number]

interface NativeContext {
  sampleToken(place: number, sampler: NativeSampler): Promise<Token>
  sampleToken(
    place: number,
    sampler: NativeSampler,
    probabilities: boolean,
    confidence: boolean,
    logits: LogitsFilter,
    totalWeight: boolean,
  ): Promise<Sampled>
}

interface SequenceInside {
  _context: { _ctx: NativeContext }
  _tokenMeter: unknown
  _contextShift: unknown
  _resolveSamplerConfig(options: SequenceEvaluateOptions): object
  _takeIntervalCheckpointIfNeededAfterBatch: unknown
  _decodeTokens<T>(
    tokens: readonly Token[],
    wantsLogits: true[],
    priority: number,
    tokenMeter: unknown,
    contextShift: unknown,
    onLogits: (place: number) => Promise<T>,
    afterBatch: unknown,
  ): Promise<T[]>
}

/** The library's own. */
const priority = 5

/** As `sequence.evaluate`, for a sequence without a token predictor; `onWeighed` is called before each token. */
export async function* evaluateWeighed(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  options: SequenceEvaluateOptions,
  topCount: number,
  onWeighed: (weighed: WeighedToken) => void,
): AsyncGenerator<Token, void, void> {
  if (tokens.length === 0) return
  const inside = sequence as unknown as SequenceInside
  const context = inside._context._ctx
  const sampler = openSampler(sequence.model)
  const weigher = new TokenWeigher(sequence.model, context, topCount)
  try {
    for (let unread = tokens; ; ) {
      const wantsLogits: true[] = []
      wantsLogits[unread.length - 1] = true
      const onLogits = async (place: number) => {
        sampler.applyConfig(inside._resolveSamplerConfig(options))
        const token = await context.sampleToken(place, sampler)
        if (token < 0) throw new Error('No token could be drawn')
        return weigher.weigh(place, token)
      }
      const weighed = (
        await inside._decodeTokens(
          unread,
          wantsLogits,
          priority,
          inside._tokenMeter,
          inside._contextShift,
          onLogits,
          inside._takeIntervalCheckpointIfNeededAfterBatch,
        )
      ).at(-1)
      if (!weighed) throw new Error('No logits came')
      onWeighed(weighed)
      yield weighed.token
      unread = [weighed.token]
    }
  } finally {
    sampler.dispose()
    weigher.dispose()
  }
}

class TokenWeigher {
  readonly #context: NativeContext
  readonly #topCount: number
  /** Leaves all logits as they are and chooses the largest. */
  readonly #all: NativeSampler
  /** Finds the largest ones without sorting the others: at 128,000 tokens, sorting takes longer than all the rest. */
  readonly #top: NativeSampler

  constructor(model: LlamaModel, context: NativeContext, topCount: number) {
    this.#context = context
    this.#topCount = topCount
    this.#all = openSampler(model)
    this.#all.applyConfig({ temperature: 0 })
    this.#top = openSampler(model)
    this.#top.applyConfig({ temperature: 1, topK: topCount, topP: 1, minP: 0, seed: 0 })
  }

  async weigh(place: number, token: Token): Promise<WeighedToken> {
    const [most, , , logits, totalWeight] = await this.#look(place, this.#all, [[token], false, false, true, 0])
    const logitOf = new Map(pairsOf(logits))
    const logTotal = logitOf.get(most)! + Math.log(totalWeight)
    const top = this.#topCount > 0 ? (await this.#look(place, this.#top, [[], false, false, false, this.#topCount]))[3] : []
    return {
      token,
      logprob: logitOf.get(token)! - logTotal,
      top: pairsOf(top).map(([token, logit]) => ({ token, logprob: logit - logTotal })),
    }
  }

  dispose(): void {
    this.#all.dispose()
    this.#top.dispose()
  }

  #look(place: number, sampler: NativeSampler, filter: LogitsFilter): Promise<Sampled> {
    return this.#context.sampleToken(place, sampler, false, false, filter, true)
  }
}

function openSampler(model: LlamaModel): NativeSampler {
  const inside = model as unknown as {
    _model: unknown
    llama: { _bindings: { AddonSampler: new (model: unknown) => NativeSampler } }
  }
  return new inside.llama._bindings.AddonSampler(inside._model)
}

function pairsOf(logits: readonly number[]): [Token, number][] {
  return Array.from({ length: logits.length / 2 }, (_, index) => [logits[2 * index] as Token, logits[2 * index + 1]!])
}
