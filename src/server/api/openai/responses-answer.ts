/**
 * Answers to `/v1/responses`. A response is a list of items (what was thought, said and called), and its stream tells
 * how each begins, grows and ends; so the whole is what the stream's last event carries.
 */
import { randomUUID } from 'node:crypto'
import type { InferenceEvent } from '../../../shared/contract/inference.ts'
import { isPreparing } from '../answers.ts'
import type { AnswerEnd } from './usage.ts'

export interface ResponseHead {
  id: string
  /** Seconds since 1970. */
  createdAt: number
  instructions: string | null
  previousId: string | null
}

type Status = 'in_progress' | 'completed' | 'incomplete'

type Item =
  | { type: 'reasoning'; id: string; summary: []; content: { type: 'reasoning_text'; text: string }[] }
  | {
      type: 'message'
      id: string
      role: 'assistant'
      status: Status
      content: { type: 'output_text'; text: string; annotations: []; logprobs: [] }[]
    }
  | { type: 'function_call'; id: string; call_id: string; name: string; arguments: string; status: Status }

export interface ResponseEvent {
  type: string
  [field: string]: unknown
}

/**
 * All events of a stream, from `response.created` to `response.completed` or `response.incomplete`. Items in them go
 * on growing: an event is to be written out before the next is asked for.
 */
export async function* responseEvents(
  answer: AsyncIterable<InferenceEvent>,
  head: ResponseHead,
): AsyncGenerator<ResponseEvent, void, void> {
  const output: Item[] = []
  let model = ''
  let sequence = 0
  let open: Item | null = null
  const tell = (type: string, fields: object): ResponseEvent => ({ type, sequence_number: sequence++, ...fields })
  const whole = (end: AnswerEnd | null) => responseOf({ head, model, output, end })

  let isBegun = false
  for await (const event of answer) {
    if (event.type === 'start') model = event.model
    if (isPreparing(event)) continue
    if (!isBegun) {
      isBegun = true
      yield tell('response.created', { response: whole(null) })
      yield tell('response.in_progress', { response: whole(null) })
    }
    const begun = itemOf(event, open)
    if (open && (begun || event.type === 'end')) {
      for (const [type, fields] of endOf(open)) yield tell(type, { output_index: output.length - 1, ...fields })
      open = null
    }
    if (begun) {
      output.push((open = begun))
      for (const [type, fields] of beginOf(begun)) yield tell(type, { output_index: output.length - 1, ...fields })
    }
    const grown = open && grow(open, event)
    if (grown) yield tell(grown[0], { output_index: output.length - 1, ...grown[1] })
    if (event.type === 'end') {
      const response = whole(event)
      yield tell(`response.${response.status}`, { response })
    }
  }
}

/** The item that an event begins; null if it goes on with the open one, or with none. */
function itemOf(event: InferenceEvent, open: Item | null): Item | null {
  if (event.type === 'reasoning' && open?.type !== 'reasoning') {
    return { type: 'reasoning', id: idOf('rs'), summary: [], content: [{ type: 'reasoning_text', text: '' }] }
  }
  if (event.type === 'text' && event.text !== '' && open?.type !== 'message') {
    const part = { type: 'output_text' as const, text: '', annotations: [] as [], logprobs: [] as [] }
    return { type: 'message', id: idOf('msg'), role: 'assistant', status: 'in_progress', content: [part] }
  }
  if (event.type === 'tool-call') {
    const { id, name } = event
    return { type: 'function_call', id: idOf('fc'), call_id: id, name, arguments: '', status: 'in_progress' }
  }
  return null
}

type Told = [type: string, fields: object]

function beginOf(item: Item): Told[] {
  const added: Told = ['response.output_item.added', { item: item.type === 'message' ? { ...item, content: [] } : item }]
  if (item.type !== 'message') return [added]
  const part = { item_id: item.id, content_index: 0, part: item.content[0] }
  return [added, ['response.content_part.added', part]]
}

/** Adds what an event says to the open item. */
function grow(item: Item, event: InferenceEvent): Told | null {
  const at = { item_id: item.id, content_index: 0 }
  if (item.type === 'reasoning' && event.type === 'reasoning') {
    item.content[0]!.text += event.text
    return ['response.reasoning_text.delta', { ...at, delta: event.text }]
  }
  if (item.type === 'message' && event.type === 'text' && event.text !== '') {
    item.content[0]!.text += event.text
    return ['response.output_text.delta', { ...at, delta: event.text, logprobs: [] }]
  }
  if (item.type === 'function_call' && event.type === 'tool-arguments') {
    item.arguments += event.text
    return ['response.function_call_arguments.delta', { item_id: item.id, delta: event.text }]
  }
  return null
}

function endOf(item: Item): Told[] {
  if (item.type !== 'reasoning') item.status = 'completed'
  const at = { item_id: item.id, content_index: 0 }
  const done: Told = ['response.output_item.done', { item }]
  if (item.type === 'reasoning') return [['response.reasoning_text.done', { ...at, text: item.content[0]!.text }], done]
  if (item.type === 'function_call') {
    const { id, name, arguments: text } = item
    return [['response.function_call_arguments.done', { item_id: id, name, arguments: text }], done]
  }
  const [part] = item.content
  return [
    ['response.output_text.done', { ...at, text: part!.text, logprobs: [] }],
    ['response.content_part.done', { ...at, part }],
    done,
  ]
}

interface Response {
  head: ResponseHead
  model: string
  output: Item[]
  end: AnswerEnd | null
}

function responseOf({ head, model, output, end }: Response) {
  const status: Status = !end ? 'in_progress' : end.reason === 'length' ? 'incomplete' : 'completed'
  return {
    id: head.id,
    object: 'response',
    created_at: head.createdAt,
    status,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: head.instructions,
    model,
    output,
    parallel_tool_calls: true,
    previous_response_id: head.previousId,
    metadata: {},
    usage: end && usageOf(end),
  }
}

function usageOf({ usage }: AnswerEnd): object {
  return {
    input_tokens: usage.promptTokens,
    input_tokens_details: { cached_tokens: usage.cachedTokens },
    output_tokens: usage.answerTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.promptTokens + usage.answerTokens,
  }
}

export function idOf(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`
}
