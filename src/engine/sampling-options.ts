/**
 * The sampling values in llama.cpp's words. What is off is left out, so that it costs nothing. Not in
 * node-llama-cpp 3.22: typical sampling, Mirostat, dynamic temperature, top-n-sigma, the order of the samplers.
 */
import type { LlamaContextSequenceRepeatPenalty, SequenceEvaluateOptions, Token } from 'node-llama-cpp'
import type { Sampling } from '../shared/lib/sampling.ts'
import type { AnswerGrammar } from './answer-grammar.ts'
import type { LogitBias } from './logit-bias.ts'

/** `answer`: its tokens so far; grows while the answer is written. */
export function samplingOptions(
  sampling: Sampling,
  seed: number,
  contextSize: number,
  answer: readonly Token[],
  grammar: AnswerGrammar | null,
  bias: LogitBias | null,
): SequenceEvaluateOptions {
  const { temperature, topK, topP, minP, xtcProbability, xtcThreshold } = sampling
  return {
    temperature,
    topK,
    topP,
    minP,
    seed,
    repeatPenalty: penaltiesOf(sampling, () => answer.slice(-sampling.penaltyWindow)),
    dryRepeatPenalty: dryOf(sampling, contextSize),
    xtc: xtcProbability > 0 ? { probability: xtcProbability, threshold: xtcThreshold } : undefined,
    grammarEvaluationState: grammar?.state,
    tokenBias: bias?.tokenBias,
    yieldEogToken: true,
  }
}

/**
 * The penalties see the answer alone: the prompt's last tokens are the template's, and making those unlikely
 * would only keep the model from ending its turn. undefined = off.
 */
export function penaltiesOf(
  { repeatPenalty: penalty, frequencyPenalty, presencePenalty, penaltyWindow }: Sampling,
  punishTokens: LlamaContextSequenceRepeatPenalty['punishTokens'],
): LlamaContextSequenceRepeatPenalty | undefined {
  if (penaltyWindow === 0 || (penalty === 1 && frequencyPenalty === 0 && presencePenalty === 0)) return undefined
  // Without a fixed length the library would make the sampler anew for each token.
  return { penalty, frequencyPenalty, presencePenalty, punishTokens, maxPunishTokens: penaltyWindow }
}

function dryOf(sampling: Sampling, contextSize: number): SequenceEvaluateOptions['dryRepeatPenalty'] {
  const { dryMultiplier: strength, dryBase: base, dryAllowedLength: allowedLength, dryLastTokens } = sampling
  if (strength === 0) return undefined
  // The library's null, for the whole context, reaches this llama.cpp as 0, which turns DRY off.
  return { strength, base, allowedLength, lastTokens: Math.min(dryLastTokens ?? contextSize, contextSize) }
}

/** Drafting draws each token by itself: what has to see the tokens before, in ways of its own, is not in it. */
export function canDraft({ answerFormat, dryMultiplier, xtcProbability, guidanceScale }: Sampling): boolean {
  return answerFormat.type === 'text' && dryMultiplier === 0 && xtcProbability === 0 && guidanceScale === 1
}
