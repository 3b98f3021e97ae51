/** What drafting asks of a small model, or of the prompt. */
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp'

export interface ProposalOptions {
  /** The longest proposal that is of use. */
  most: number
  /** The target's. */
  repeatPenalty: SequenceEvaluateOptions['repeatPenalty']
}

export interface Proposer {
  /** Reads the prompt along with the target, as far as that has come. */
  read(tokens: readonly Token[]): Promise<void>
  /** `tokens`: the prompt and the answer so far, at least one. */
  propose(tokens: readonly Token[], options: ProposalOptions): Promise<Token[]>
  /** Whether all of the last proposal was taken. */
  judge(isWhole: boolean): void
}
