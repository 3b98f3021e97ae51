/**
 * How likely the model holds each token that it draws for an answer, before temperature, penalties, bias or
 * grammar: the softmax over its logits. The library tells of what its samplers have left over only, so the logits
 * of a place are looked at once more, past the library's public face, before the next ones take their place.
 */
import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp'
import {
  decode,
  nativeContextOf,
  openSampler,
  samplerConfigOf,
  type LogitsFilter,
  type NativeContext,
  type NativeSampler,
  type Sampled,
} from './library-inside.ts'

/** `logprob`: natural logarithm of the probability. */
export interface TokenWeight {
  token: Token
  logprob: number
}

export interface WeighedToken extends TokenWeight {
  /** The likeliest of all, the first one first. */
  top: TokenWeight[]
}

/** As `sequence.evaluate`, for a sequence without a token predictor; `onWeighed` is called before each token. */
export async function* evaluateWeighed(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  options: SequenceEvaluateOptions,
  topCount: number,
  onWeighed: (weighed: WeighedToken) => void,
): AsyncGenerator<Token, void, void> {
  if (tokens.length === 0) return
  const context = nativeContextOf(sequence)
  const sampler = openSampler(sequence.model)
  const weigher = new TokenWeigher(sequence, topCount)
  const draw = async (place: number) => {
    sampler.applyConfig(samplerConfigOf(sequence, options))
    const token = await context.sampleToken(place, sampler)
    if (token < 0) throw new Error('No token could be drawn')
    return weigher.weigh(place, token)
  }
  try {
    for (let unread = tokens; ; ) {
      const wantsLogits: true[] = []
      wantsLogits[unread.length - 1] = true
      const weighed = (await decode(sequence, unread, wantsLogits, draw)).at(-1)
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

  constructor(sequence: LlamaContextSequence, topCount: number) {
    this.#context = nativeContextOf(sequence)
    this.#topCount = topCount
    this.#all = openSampler(sequence.model)
    this.#all.applyConfig({ temperature: 0 })
    this.#top = openSampler(sequence.model)
    this.#top.applyConfig({ temperature: 1, topK: topCount, topP: 1, minP: 0, seed: 0 })
  }

  async weigh(place: number, token: Token): Promise<WeighedToken> {
    const [most, , , logits, totalWeight] = await this.#look(place, this.#all, [[token], false, false, true, 0])
    const logitOf = new Map(pairsOf(logits))
    const logTotal = logitOf.get(most)! + Math.log(totalWeight)
    const top = (await this.#likeliest(place)).map(([token, logit]) => ({ token, logprob: logit - logTotal }))
    return { token, logprob: logitOf.get(token)! - logTotal, top }
  }

  async #likeliest(place: number): Promise<[Token, number][]> {
    if (this.#topCount === 0) return []
    const [, , , logits] = await this.#look(place, this.#top, [[], false, false, false, this.#topCount])
    return pairsOf(logits)
  }

  dispose(): void {
    this.#all.dispose()
    this.#top.dispose()
  }

  #look(place: number, sampler: NativeSampler, filter: LogitsFilter): Promise<Sampled> {
    return this.#context.sampleToken(place, sampler, false, false, filter, true)
  }
}

function pairsOf(logits: readonly number[]): [Token, number][] {
  return Array.from({ length: logits.length / 2 }, (_, index) => [logits[2 * index] as Token, logits[2 * index + 1]!])
}
