/** Answers to `/v1/completions`: as the objects of a stream, and as a whole. */
import type { TokenLogprob } from '../../../shared/contract/inference.ts'
import { isPreparing, type AnswerEvent } from '../answers.ts'
import { collectAnswers, type AnswerHead } from './chat-answer.ts'
import type { CompletionForm } from './completion-request.ts'
import { timingsOf, usageOf, type AnswerEnd } from './usage.ts'

/** See `chatChunks`. */
export async function* completionChunks(
  answers: AsyncIterable<AnswerEvent>,
  head: AnswerHead,
  form: CompletionForm,
  includesUsage: boolean,
): AsyncGenerator<object, void, void> {
  let model = ''
  const begun = new Set<number>()
  /** How long the text of each answer is so far. */
  const lengths = form.echoes.map(() => 0)
  const ends: AnswerEnd[] = []
  const chunk = (choices: object[], rest: object = {}) => ({
    ...objectOf(head, model),
    choices,
    ...(includesUsage ? { usage: null } : {}),
    ...rest,
  })
  const piece = (index: number, text: string, tokens: TokenLogprob[] = []) => {
    const logprobs = tokens.length ? completionLogprobs(tokens, lengths[index]!) : null
    lengths[index]! += textLength(tokens)
    return chunk([{ index, text, logprobs, finish_reason: null }])
  }

  for await (const { index, event } of answers) {
    if (event.type === 'start') model = event.model
    if (isPreparing(event)) continue
    if (!begun.has(index)) {
      begun.add(index)
      // The first piece says that the model is at work, even if there is no text yet.
      yield piece(index, form.echoes[index]!)
    }
    if (event.type === 'text') yield piece(index, event.text, event.tokens)
    else if (event.type === 'end') {
      ends[index] = event
      yield chunk([{ index, text: '', logprobs: null, finish_reason: event.reason }], { timings: timingsOf(event) })
    }
  }
  if (includesUsage && ends.length > 0) yield chunk([], { usage: usageOf(ends, form.answersPerPrompt) })
}

/** See `chatCompletion`. */
export async function completion(
  answers: AsyncIterable<AnswerEvent>,
  head: AnswerHead,
  form: CompletionForm,
): Promise<object> {
  const { model, wholes, ends } = await collectAnswers(answers, form.echoes.length)
  return {
    ...objectOf(head, model),
    choices: wholes.map(({ text, tokens }, index) => ({
      index,
      text: form.echoes[index] + text,
      logprobs: form.showsLogprobs ? completionLogprobs(tokens, 0) : null,
      finish_reason: ends[index]!.reason,
    })),
    usage: usageOf(ends, form.answersPerPrompt),
    ...(ends.length === 1 ? { timings: timingsOf(ends[0]!) } : {}),
  }
}

function objectOf({ id, created, fingerprint }: AnswerHead, model: string) {
  return { id, object: 'text_completion', created, model, system_fingerprint: fingerprint }
}

/** `offset`: characters of the answer before the first of `tokens`. */
function completionLogprobs(tokens: TokenLogprob[], offset: number): object {
  let length = offset
  return {
    tokens: tokens.map(({ text }) => text),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) => Object.fromEntries(top.map(({ text, logprob }) => [text, logprob]))),
    text_offset: tokens.map(({ text }) => (length += text.length) - text.length),
  }
}

function textLength(tokens: TokenLogprob[]): number {
  return tokens.reduce((length, { text }) => length + text.length, 0)
}
