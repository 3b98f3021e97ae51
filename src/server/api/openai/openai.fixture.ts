/** What tests of the OpenAI API make answers of, where no model is needed. */
import type { InferenceEvent } from '../../../shared/contract/inference.ts'
import type { AnswerEvent } from '../answers.ts'
import type { AnswerHead } from './chat-answer.ts'

export const head: AnswerHead = { id: 'chatcmpl-1', created: 1, fingerprint: 'yangtuo-0' }

export const started: InferenceEvent = { type: 'start', model: 'demo', modelId: 'id' }

export const text = (content: string): InferenceEvent => ({ type: 'text', text: content, tokens: [] })

export function ended(reason: 'stop' | 'length' | 'tool-calls' = 'stop'): InferenceEvent {
  return {
    type: 'end',
    reason,
    stopText: null,
    usage: { promptTokens: 10, cachedTokens: 4, answerTokens: 3, reasoningTokens: 1 },
    timings: { queueMs: 0, loadMs: 0, promptMs: 6, answerMs: 4, totalMs: 10 },
    seed: 1,
    draft: null,
  }
}

/** Each event of the answer with that index, in the order given. */
export async function* answersOf(...events: [index: number, event: InferenceEvent][]): AsyncGenerator<AnswerEvent> {
  for (const [index, event] of events) yield { index, event }
}

export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
