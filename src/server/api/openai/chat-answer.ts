/** Answers to `/v1/chat/completions`: as the chunks of a stream, and as a whole. */
import type { InferenceEvent, TokenLogprob, ToolCall } from '../../../shared/contract/inference.ts'
import { isPreparing, type AnswerEvent } from '../answers.ts'
import { ClientGone } from '../api-env.ts'
import type { ChatForm } from './chat-request.ts'
import { timingsOf, usageOf, type AnswerEnd } from './usage.ts'

/** What every object of one answer says. */
export interface AnswerHead {
  id: string
  /** Seconds since 1970. */
  created: number
  fingerprint: string
}

/**
 * The chunks of all answers as they come, the first when a model begins to read. With `includesUsage` every chunk has
 * a `usage`: null, but in the last one, which has no choices.
 */
export async function* chatChunks(
  answers: AsyncIterable<AnswerEvent>,
  head: AnswerHead,
  form: ChatForm,
  includesUsage: boolean,
): AsyncGenerator<object, void, void> {
  let model = ''
  const begun = new Set<number>()
  const ends: AnswerEnd[] = []
  const chunk = (choices: object[], rest: object = {}) => ({
    id: head.id,
    object: 'chat.completion.chunk',
    created: head.created,
    model,
    system_fingerprint: head.fingerprint,
    choices,
    ...(includesUsage ? { usage: null } : {}),
    ...rest,
  })
  const piece = (index: number, delta: object, tokens: TokenLogprob[] = []) =>
    chunk([{ index, delta, logprobs: tokens.length ? chatLogprobs(tokens) : null, finish_reason: null }])

  for await (const { index, event } of answers) {
    if (event.type === 'start') model = event.model
    if (isPreparing(event)) continue
    if (!begun.has(index)) {
      begun.add(index)
      yield piece(index, { role: 'assistant', content: '' })
    }
    if (event.type === 'reasoning') yield piece(index, { reasoning_content: event.text })
    else if (event.type === 'text') yield piece(index, { content: event.text }, event.tokens)
    else if (event.type === 'tool-call' || event.type === 'tool-arguments') {
      if (!form.oneCall || event.index === 0) yield piece(index, callDelta(event, form))
    } else if (event.type === 'end') {
      ends[index] = event
      const choice = { index, delta: {}, logprobs: null, finish_reason: finishReason(event, form) }
      yield chunk([choice], { timings: timingsOf(event) })
    }
  }
  if (includesUsage && ends.length > 0) yield chunk([], { usage: usageOf(ends, ends.length) })
}

function callDelta(event: Extract<InferenceEvent, { type: 'tool-call' | 'tool-arguments' }>, form: ChatForm): object {
  const called = event.type === 'tool-call' ? { name: event.name, arguments: '' } : { arguments: event.text }
  if (form.usesFunctions) return { function_call: called }
  const begin = event.type === 'tool-call' ? { id: event.id, type: 'function' } : {}
  return { tool_calls: [{ index: event.index, ...begin, function: called }] }
}

interface WholeAnswer {
  text: string
  reasoning: string
  calls: ToolCall[]
  tokens: TokenLogprob[]
  end: AnswerEnd | null
}

/** All answers, when all have ended. `answerCount`: how many there are. Throws ClientGone where they were stopped. */
export async function chatCompletion(
  answers: AsyncIterable<AnswerEvent>,
  head: AnswerHead,
  form: ChatForm,
  answerCount: number,
): Promise<object> {
  const { model, wholes, ends } = await collectAnswers(answers, answerCount)
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model,
    system_fingerprint: head.fingerprint,
    choices: wholes.map((whole, index) => ({
      index,
      message: messageOf(whole, form),
      logprobs: form.showsLogprobs ? chatLogprobs(whole.tokens) : null,
      finish_reason: finishReason(ends[index]!, form),
    })),
    usage: usageOf(ends, answerCount),
    ...(answerCount === 1 ? { timings: timingsOf(ends[0]!) } : {}),
  }
}

/** Throws ClientGone where an answer was stopped. */
export async function collectAnswers(answers: AsyncIterable<AnswerEvent>, answerCount: number) {
  let model = ''
  const wholes = Array.from({ length: answerCount }, (): WholeAnswer => {
    return { text: '', reasoning: '', calls: [], tokens: [], end: null }
  })
  for await (const { index, event } of answers) {
    const whole = wholes[index]!
    if (event.type === 'start') model = event.model
    else if (event.type === 'reasoning') whole.reasoning += event.text
    else if (event.type === 'text') {
      whole.text += event.text
      whole.tokens.push(...event.tokens)
    } else if (event.type === 'tool-call') whole.calls[event.index] = { id: event.id, name: event.name, arguments: '' }
    else if (event.type === 'tool-arguments') whole.calls[event.index]!.arguments += event.text
    else if (event.type === 'end') whole.end = event
  }
  const ends = wholes.map(({ end }) => {
    if (!end) throw new ClientGone()
    return end
  })
  return { model, wholes, ends }
}

function messageOf({ text, reasoning, calls }: WholeAnswer, form: ChatForm): object {
  const shown = (form.oneCall ? calls.slice(0, 1) : calls).map(({ id, ...called }) => {
    return { id, type: 'function', function: called }
  })
  const [first] = shown
  return {
    role: 'assistant',
    content: text === '' && first ? null : text,
    refusal: null,
    ...(reasoning && { reasoning_content: reasoning }),
    ...(first && (form.usesFunctions ? { function_call: first.function } : { tool_calls: shown })),
  }
}

function finishReason({ reason }: AnswerEnd, { usesFunctions }: ChatForm): string {
  if (reason === 'tool-calls') return usesFunctions ? 'function_call' : 'tool_calls'
  return reason
}

function chatLogprobs(tokens: TokenLogprob[]): object {
  const shown = ({ text, bytes, logprob }: Omit<TokenLogprob, 'top'>) => ({ token: text, logprob, bytes })
  return { content: tokens.map((token) => ({ ...shown(token), top_logprobs: token.top.map(shown) })), refusal: null }
}
