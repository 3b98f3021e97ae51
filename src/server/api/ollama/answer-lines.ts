/** Answers as Ollama streams them: a line for each piece, and a last one with its figures. */
import type { InferenceEvent, TokenLogprob } from '../../../shared/contract/inference.ts'

export interface AnswerFigures {
  done: true
  done_reason: 'stop' | 'length'
  /** Durations are in nanoseconds. */
  total_duration: number
  load_duration: number
  prompt_eval_count: number
  prompt_eval_duration: number
  eval_count: number
  eval_duration: number
}

export interface CalledTool {
  id: string
  function: { index: number; name: string; arguments: unknown }
}

/** What one line adds to the answer. */
export interface AnswerPiece {
  text?: string
  thinking?: string
  toolCalls?: CalledTool[]
  logprobs?: object[]
  figures?: AnswerFigures
}

/** Calls are told as a whole; one that a limit cut off is left out. The last piece has the figures. */
export async function* answerPieces(events: AsyncIterable<InferenceEvent>): AsyncGenerator<AnswerPiece> {
  let call: { id: string; index: number; name: string; argumentsText: string } | null = null
  const finishedCall = (): AnswerPiece[] => {
    const calledWith = call && parsed(call.argumentsText)
    if (!call || calledWith === undefined) return []
    const { id, index, name } = call
    call = null
    return [{ toolCalls: [{ id, function: { index, name, arguments: calledWith } }] }]
  }
  for await (const event of events) {
    if (event.type === 'text') {
      const logprobs = event.tokens.length > 0 && event.tokens.map(logprobOf)
      yield { text: event.text, ...(logprobs && { logprobs }) }
    } else if (event.type === 'reasoning') yield { thinking: event.text }
    else if (event.type === 'tool-call') {
      yield* finishedCall()
      call = { id: event.id, index: event.index, name: event.name, argumentsText: '' }
    } else if (event.type === 'tool-arguments' && call) call.argumentsText += event.text
    else if (event.type === 'end') {
      yield* finishedCall()
      yield { figures: figuresOf(event) }
    }
  }
}

/** All pieces as one. */
export async function wholeAnswer(pieces: AsyncIterable<AnswerPiece>): Promise<AnswerPiece> {
  const whole: AnswerPiece = { text: '' }
  for await (const { text = '', thinking, toolCalls, logprobs, figures } of pieces) {
    whole.text += text
    if (thinking) whole.thinking = (whole.thinking ?? '') + thinking
    if (toolCalls) whole.toolCalls = [...(whole.toolCalls ?? []), ...toolCalls]
    if (logprobs) whole.logprobs = [...(whole.logprobs ?? []), ...logprobs]
    if (figures) whole.figures = figures
  }
  return whole
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json || '{}')
  } catch {
    return undefined
  }
}

function logprobOf({ top, ...token }: TokenLogprob): object {
  const one = ({ text, bytes, logprob }: Omit<TokenLogprob, 'top'>) => ({ token: text, logprob, bytes })
  return { ...one(token), ...(top.length > 0 && { top_logprobs: top.map(one) }) }
}

function figuresOf({ reason, usage, timings }: Extract<InferenceEvent, { type: 'end' }>): AnswerFigures {
  return {
    done: true,
    done_reason: reason === 'length' ? 'length' : 'stop',
    total_duration: nanoseconds(timings.totalMs),
    load_duration: nanoseconds(timings.queueMs + timings.loadMs),
    prompt_eval_count: usage.promptTokens,
    prompt_eval_duration: nanoseconds(timings.promptMs),
    eval_count: usage.answerTokens,
    eval_duration: nanoseconds(timings.answerMs),
  }
}

function nanoseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1e6)
}
