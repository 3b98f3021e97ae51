/** Token counts and times at the end of an answer. */
import type { InferenceEvent, InferenceUsage } from '../../../shared/contract/inference.ts'

export type AnswerEnd = Extract<InferenceEvent, { type: 'end' }>

/** Of all answers together: a prompt with several answers is counted once. `ends`: those of a prompt side by side. */
export function usageOf(ends: readonly AnswerEnd[], answersPerPrompt = 1) {
  const sum = (counted: readonly AnswerEnd[], name: keyof InferenceUsage) =>
    counted.reduce((total, { usage }) => total + usage[name], 0)
  const firsts = ends.filter((_, index) => index % answersPerPrompt === 0)
  const promptTokens = sum(firsts, 'promptTokens')
  const answerTokens = sum(ends, 'answerTokens')
  return {
    prompt_tokens: promptTokens,
    completion_tokens: answerTokens,
    total_tokens: promptTokens + answerTokens,
    prompt_tokens_details: { cached_tokens: sum(firsts, 'cachedTokens') },
    completion_tokens_details: { reasoning_tokens: sum(ends, 'reasoningTokens') },
  }
}

/** The names of llama.cpp's server (tools/server/server-common.cpp), and what it has no name for. */
export function timingsOf({ usage, timings, draft }: AnswerEnd) {
  const readTokens = usage.promptTokens - usage.cachedTokens
  // `answerMs` begins with the first token.
  const timedTokens = Math.max(usage.answerTokens - 1, 0)
  return {
    cache_n: usage.cachedTokens,
    prompt_n: readTokens,
    prompt_ms: timings.promptMs,
    prompt_per_token_ms: quotient(timings.promptMs, readTokens),
    prompt_per_second: quotient(readTokens * 1000, timings.promptMs),
    predicted_n: usage.answerTokens,
    predicted_ms: timings.answerMs,
    predicted_per_token_ms: quotient(timings.answerMs, timedTokens),
    predicted_per_second: quotient(timedTokens * 1000, timings.answerMs),
    ...(draft ? { draft_n: draft.acceptedTokens + draft.rejectedTokens, draft_n_accepted: draft.acceptedTokens } : {}),
    queue_ms: timings.queueMs,
    load_ms: timings.loadMs,
    total_ms: timings.totalMs,
  }
}

function quotient(amount: number, parts: number): number {
  return parts > 0 ? amount / parts : 0
}
