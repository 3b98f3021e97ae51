/** `/api/chat`: the request, and the lines of its answer. */
import { z } from 'zod'
import type { InferenceEvent, InferenceMessage, InferenceRequest } from '../../../shared/contract/inference.ts'
import { answerPieces, wholeAnswer, type AnswerPiece } from './answer-lines.ts'
import { answerFields, answerRequest, imagesField } from './request-fields.ts'

const toolCall = z.object({
  id: z.string().nullish(),
  function: z.object({
    name: z.string(),
    arguments: z
      .union([z.record(z.string(), z.unknown()), z.string()])
      .nullish()
      .transform((args) => (typeof args === 'string' ? args : JSON.stringify(args ?? {}))),
  }),
})

const chatMessage = z
  .object({
    role: z.preprocess(
      (role) => (typeof role === 'string' ? role.toLowerCase() : role),
      z.enum(['system', 'user', 'assistant', 'tool']),
    ),
    content: z.string().nullish(),
    images: imagesField,
    tool_calls: z.array(toolCall).nullish(),
    tool_call_id: z.string().nullish(),
  })
  .transform(({ role, content, tool_calls: calls, tool_call_id: toolCallId }): InferenceMessage => {
    const text = content ?? ''
    if (role === 'tool') return { role, text, toolCallId: toolCallId ?? null }
    if (role !== 'assistant') return { role, text }
    return { role, text, toolCalls: (calls ?? []).map((call) => ({ id: call.id ?? '', ...call.function })) }
  })

const tool = z.object({
  function: z.object({
    name: z.string(),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
  }),
})

export const chatBody = z.object({
  ...answerFields,
  messages: z.array(chatMessage, { error: 'must be a list of messages' }).nullish(),
  tools: z.array(tool).nullish(),
})
export type ChatBody = z.infer<typeof chatBody>

export function chatRequest(body: ChatBody): InferenceRequest {
  const tools = (body.tools ?? []).map(({ function: { name, description, parameters } }) => {
    return { name, description: description ?? '', parameters: parameters ?? {} }
  })
  const prompt = { type: 'chat' as const, messages: body.messages ?? [], tools, toolChoice: { type: 'auto' as const } }
  return { ...answerRequest(body), prompt }
}

export async function* chatLines(body: ChatBody, events: AsyncIterable<InferenceEvent>): AsyncGenerator<object> {
  for await (const piece of answerPieces(events)) {
    // Where thinking is not wanted, nothing is left of such a piece.
    if (body.think !== false || !piece.thinking) yield chatLine(body, piece)
  }
}

export async function chatAnswer(body: ChatBody, events: AsyncIterable<InferenceEvent>): Promise<object> {
  return chatLine(body, await wholeAnswer(answerPieces(events)))
}

function chatLine(
  { model, think }: ChatBody,
  { text = '', thinking, toolCalls, logprobs, figures }: AnswerPiece,
): object {
  return {
    model: model ?? '',
    created_at: new Date().toISOString(),
    message: {
      role: 'assistant',
      content: text,
      ...(thinking && think !== false && { thinking }),
      ...(toolCalls && { tool_calls: toolCalls }),
    },
    ...(logprobs && { logprobs }),
    ...(figures ?? { done: false }),
  }
}
