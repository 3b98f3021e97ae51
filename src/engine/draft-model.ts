/** Proposes tokens by a small model that reads along. */
import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { Proposer, ProposalOptions } from './proposer.ts'

/** Source of the rule: Chinese-LLaMA-Alpaca-2, scripts/inference/speculative_sample.py. */
const firstLength = 4
const growth = 2

export interface DraftLimits {
  /** How many tokens are proposed at a time, at least and at most. */
  minTokens: number
  maxTokens: number
  /** Beyond the least number, it stops where it is less sure of a token, 0 to 1. */
  minConfidence: number
}

export class DraftModel implements Proposer {
  readonly #sequence: LlamaContextSequence
  readonly #limits: DraftLimits
  #length: number

  constructor(sequence: LlamaContextSequence, limits: DraftLimits) {
    this.#sequence = sequence
    this.#limits = limits
    this.#length = this.#within(firstLength)
  }

  async read(tokens: readonly Token[]): Promise<void> {
    await this.#sequence.adaptStateToTokens([...tokens], false)
    const unread = tokens.slice(this.#sequence.nextTokenIndex)
    if (unread.length > 0) await this.#sequence.evaluateWithoutGeneratingNewTokens(unread)
  }

  async propose(tokens: readonly Token[], { most, repeatPenalty }: ProposalOptions): Promise<Token[]> {
    const { minTokens, minConfidence } = this.#limits
    const sequence = this.#sequence
    const length = Math.min(this.#length, most, sequence.contextSize - tokens.length - 1)
    if (length <= 0) return []
    await sequence.adaptStateToTokens(tokens.slice(0, -1), false)
    const unread = tokens.slice(sequence.nextTokenIndex)
    // The confidence costs a sorted vocabulary for each token, so it is left out where nobody asks.
    const metadata = { confidence: minConfidence > 0 } as { confidence: true }
    // What it holds likeliest is taken most often, whatever the temperature.
    const options = { temperature: 0, repeatPenalty, yieldEogToken: true }
    const proposed: Token[] = []
    for await (const { token, confidence = 1 } of sequence.evaluateWithMetadata(unread, metadata, options)) {
      if (confidence < minConfidence && proposed.length >= minTokens) break
      proposed.push(token)
      if (proposed.length >= length || sequence.model.isEogToken(token)) break
    }
    return proposed
  }

  /** Longer after a proposal that was taken whole, shorter after one that was not. */
  judge(isWhole: boolean): void {
    this.#length = this.#within(isWhole ? this.#length + growth : this.#length - 1)
  }

  #within(length: number): number {
    const { minTokens, maxTokens } = this.#limits
    return Math.max(minTokens, Math.min(maxTokens, length))
  }
}
