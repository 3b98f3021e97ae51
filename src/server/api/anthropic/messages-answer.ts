/** Answers to `/v1/messages`: as the named events of a stream, and as a whole. */
import type { InferenceEvent, InferenceUsage } from '../../../shared/contract/inference.ts'
import { isPreparing } from '../answers.ts'
import { ClientGone } from '../api-env.ts'
import type { ServerSentEvent } from '../stream-response.ts'

export interface MessageHead {
  id: string
  /** Those that the request named. */
  stopSequences: readonly string[]
}

type AnswerEnd = Extract<InferenceEvent, { type: 'end' }>

type Block =
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; input: unknown }

/** The blocks of an answer as they begin and grow; `json` is a piece of a tool's input. */
type BlockStep =
  | { type: 'begin'; block: Block }
  | { type: 'grow'; text: string }
  | { type: 'end' }

/** What an event means for the block that is open; a block of another kind closes it first. */
function stepsOf(event: InferenceEvent, open: Block['type'] | null): BlockStep[] {
  const into = (block: Block, text: string): BlockStep[] => {
    if (open === block.type) return [{ type: 'grow', text }]
    const ends: BlockStep[] = open === null ? [] : [{ type: 'end' }]
    return [...ends, { type: 'begin', block }, { type: 'grow', text }]
  }
  if (event.type === 'reasoning') return into({ type: 'thinking', thinking: '', signature: '' }, event.text)
  if (event.type === 'text' && event.text !== '') return into({ type: 'text', text: '' }, event.text)
  if (event.type === 'tool-call') {
    const { id, name } = event
    const ends: BlockStep[] = open === null ? [] : [{ type: 'end' }]
    return [...ends, { type: 'begin', block: { type: 'tool_use', id, name, input: {} } }]
  }
  if (event.type === 'tool-arguments') return [{ type: 'grow', text: event.text }]
  return event.type === 'end' && open !== null ? [{ type: 'end' }] : []
}

export async function* messageEvents(
  answer: AsyncIterable<InferenceEvent>,
  head: MessageHead,
): AsyncGenerator<ServerSentEvent, void, void> {
  let index = -1
  let open: Block['type'] | null = null
  let model = ''
  let isBegun = false
  for await (const event of answer) {
    if (event.type === 'start') model = event.model
    if (isPreparing(event)) continue
    if (!isBegun) {
      isBegun = true
      yield named({ type: 'message_start', message: messageOf({ head, model, content: [], end: null }) })
    }
    for (const step of stepsOf(event, open)) {
      if (step.type === 'begin') {
        open = step.block.type
        yield named({ type: 'content_block_start', index: ++index, content_block: step.block })
      } else if (step.type === 'grow') {
        yield named({ type: 'content_block_delta', index, delta: deltaOf(open!, step.text) })
      } else {
        open = null
        yield named({ type: 'content_block_stop', index })
      }
    }
    if (event.type === 'end') {
      yield named({ type: 'message_delta', delta: stopOf(event, head), usage: usageOf(event.usage) })
      yield named({ type: 'message_stop' })
    }
  }
}

/** When it has ended. Throws ClientGone where it was stopped. */
export async function wholeMessage(answer: AsyncIterable<InferenceEvent>, head: MessageHead): Promise<object> {
  const content: Block[] = []
  let isOpen = false
  let input = ''
  let model = ''
  let end: AnswerEnd | null = null
  for await (const event of answer) {
    if (event.type === 'start') model = event.model
    if (event.type === 'end') end = event
    for (const step of stepsOf(event, isOpen ? content.at(-1)!.type : null)) {
      isOpen = step.type !== 'end'
      const last = content.at(-1)
      if (step.type === 'begin') {
        content.push(step.block)
        input = ''
      } else if (step.type === 'end') {
        if (last?.type === 'tool_use') last.input = JSON.parse(input || '{}')
      } else if (last?.type === 'thinking') last.thinking += step.text
      else if (last?.type === 'text') last.text += step.text
      else input += step.text
    }
  }
  if (!end) throw new ClientGone()
  return messageOf({ head, model, content, end })
}

function named(event: { type: string; [field: string]: unknown }): ServerSentEvent {
  return { event: event.type, data: JSON.stringify(event) }
}

interface Message {
  head: MessageHead
  model: string
  content: Block[]
  /** null while it is written. */
  end: AnswerEnd | null
}

function messageOf({ head, model, content, end }: Message): object {
  const nothing: InferenceUsage = { promptTokens: 0, cachedTokens: 0, answerTokens: 0, reasoningTokens: 0 }
  return {
    id: head.id,
    type: 'message',
    role: 'assistant',
    model,
    content,
    ...(end ? stopOf(end, head) : { stop_reason: null, stop_sequence: null }),
    usage: usageOf(end?.usage ?? nothing),
  }
}

function deltaOf(open: Block['type'], text: string): object {
  if (open === 'thinking') return { type: 'thinking_delta', thinking: text }
  if (open === 'text') return { type: 'text_delta', text }
  return { type: 'input_json_delta', partial_json: text }
}

/** A stop text of the template is the model's own end. */
function stopOf({ reason, stopText }: AnswerEnd, { stopSequences }: MessageHead) {
  if (reason === 'tool-calls') return { stop_reason: 'tool_use', stop_sequence: null }
  if (reason === 'length') return { stop_reason: 'max_tokens', stop_sequence: null }
  const isSequence = stopText !== null && stopSequences.includes(stopText)
  return isSequence
    ? { stop_reason: 'stop_sequence', stop_sequence: stopText }
    : { stop_reason: 'end_turn', stop_sequence: null }
}

/** Here the prompt's tokens are those that were read anew. */
function usageOf({ promptTokens, cachedTokens, answerTokens }: InferenceUsage): object {
  return {
    input_tokens: promptTokens - cachedTokens,
    cache_read_input_tokens: cachedTokens,
    cache_creation_input_tokens: 0,
    output_tokens: answerTokens,
  }
}
