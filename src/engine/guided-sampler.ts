/**
 * llama.cpp's chain of samplers over logits that we have combined ourselves, which llama.cpp cannot be given.
 * Same order, same formulas, other random numbers. Source: src/llama-sampler.cpp, node-llama-cpp's AddonSampler.cpp.
 */
import type { Token } from 'node-llama-cpp'
import { AppFailure } from '../shared/lib/app-failure.ts'
import type { Sampling } from '../shared/lib/sampling.ts'
import { noTokenFits, type AnswerGrammar } from './answer-grammar.ts'

export interface Candidate {
  token: Token
  logit: number
}

export interface GuidedSamplerOptions {
  sampling: Sampling
  seed: number
  /** How far back DRY looks where the sampling leaves it open. */
  contextSize: number
  /** DRY counts no repetition across these. */
  isBreaker: (token: Token) => boolean
  grammar: Pick<AnswerGrammar, 'allows' | 'accept'> | null
  /** Added to the logits before anything else. */
  bias: ReadonlyMap<Token, number> | null
}

/** With a grammar, so many of the likeliest tokens it allows are chosen from. */
const mostAllowed = 200

export class GuidedSampler {
  readonly #options: GuidedSamplerOptions
  readonly #random: () => number

  constructor(options: GuidedSamplerOptions) {
    this.#options = options
    this.#random = randomNumbers(options.seed)
  }

  /** `answer`: its tokens so far. Throws GRAMMAR_INVALID where the grammar allows none of the candidates. */
  draw(candidates: readonly Candidate[], answer: readonly Token[]): Token {
    const { grammar, bias } = this.#options
    const penalties = this.#penalties(answer)
    const all = candidates
      .map(({ token, logit }) => ({ token, logit: logit + (bias?.get(token) ?? 0) }))
      .map(({ token, logit }) => ({ token, logit: penalties.get(token)?.(logit) ?? logit }))
      .sort((a, b) => b.logit - a.logit)
    let token = this.#choose(all)
    if (grammar && !grammar.allows(token)) token = this.#choose(this.#allowed(grammar, all))
    grammar?.accept([token])
    return token
  }

  #allowed(grammar: Pick<AnswerGrammar, 'allows'>, candidates: readonly Candidate[]): Candidate[] {
    const allowed: Candidate[] = []
    for (const candidate of candidates) {
      if (grammar.allows(candidate.token)) allowed.push(candidate)
      if (allowed.length === mostAllowed) break
    }
    if (allowed.length === 0) throw new AppFailure('GRAMMAR_INVALID', { detail: noTokenFits })
    return allowed
  }

  /** `sorted`: the likeliest first. */
  #choose(sorted: Candidate[]): Token {
    const { temperature, topK, topP, minP, xtcProbability, xtcThreshold } = this.#options.sampling
    let kept = sorted
    if (temperature > 0) {
      if (topK > 0) kept = kept.slice(0, topK)
      if (topP < 1) kept = kept.slice(0, countReaching(probabilities(kept, 1), topP))
      if (minP > 0) kept = kept.filter(({ logit }) => logit >= kept[0]!.logit + Math.log(minP))
    }
    if (xtcProbability > 0 && kept.length > 1 && this.#random() <= xtcProbability) {
      const likely = probabilities(kept, 1).filter((probability) => probability >= xtcThreshold).length
      kept = kept.slice(Math.max(0, likely - 1))
    }
    if (temperature === 0) return kept[0]!.token
    return kept[countReaching(probabilities(kept, temperature), this.#random()) - 1]!.token
  }

  /** What becomes of a logit, by token. */
  #penalties(answer: readonly Token[]): Map<Token, (logit: number) => number> {
    const { sampling, contextSize, isBreaker } = this.#options
    const { repeatPenalty, frequencyPenalty, presencePenalty, penaltyWindow } = sampling
    const changes = new Map<Token, (logit: number) => number>()
    const counts = new Map<Token, number>()
    const lately = penaltyWindow > 0 ? answer.slice(-penaltyWindow) : []
    for (const token of lately) counts.set(token, (counts.get(token) ?? 0) + 1)
    for (const [token, count] of counts) {
      const taken = count * frequencyPenalty + presencePenalty
      changes.set(token, (logit) => (logit <= 0 ? logit * repeatPenalty : logit / repeatPenalty) - taken)
    }
    const { dryMultiplier, dryBase, dryAllowedLength, dryLastTokens } = sampling
    if (dryMultiplier === 0) return changes
    const repeated = repeatedLengths(answer.slice(-(dryLastTokens ?? contextSize)), isBreaker)
    for (const [token, length] of repeated) {
      if (length < dryAllowedLength || isBreaker(token)) continue
      const taken = Math.min(dryMultiplier * dryBase ** (length - dryAllowedLength), Number.MAX_VALUE)
      const before = changes.get(token)
      changes.set(token, (logit) => (before?.(logit) ?? logit) - taken)
    }
    return changes
  }
}

/** DRY: for each token that came behind the text's end before, how many tokens at the end are the same there. */
function repeatedLengths(tokens: readonly Token[], isBreaker: (token: Token) => boolean): Map<Token, number> {
  const end = tokens.length - 1
  const most = end - tokens.findLastIndex(isBreaker)
  const lengths = new Map<Token, number>()
  for (let at = end - 1; at >= 0; at--) {
    let length = 0
    while (length < most && length <= at && tokens[at - length] === tokens[end - length]) length++
    const next = tokens[at + 1]!
    if (length > (lengths.get(next) ?? 0)) lengths.set(next, length)
  }
  return lengths
}

/** Of candidates of which the first is the likeliest. */
function probabilities(candidates: readonly Candidate[], temperature: number): number[] {
  const most = candidates[0]!.logit
  const weights = candidates.map(({ logit }) => Math.exp((logit - most) / temperature))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** How many of the first ones together reach `share`; at least one. */
function countReaching(shares: readonly number[], share: number): number {
  let sum = 0
  for (const [index, value] of shares.entries()) {
    sum += value
    if (sum >= share) return index + 1
  }
  return shares.length
}

/** Mulberry32: 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
