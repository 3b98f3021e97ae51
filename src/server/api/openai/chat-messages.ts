/** Messages of a conversation as OpenAI's APIs write them. Models read text only: pictures and sound are refused. */
import { z } from 'zod'
import type { InferenceMessage } from '../../../shared/contract/inference.ts'

const textParts = ['text', 'input_text', 'output_text', 'refusal']

const contentPart = z
  .object({ type: z.string(), text: z.string().nullish(), refusal: z.string().nullish() })
  .transform((part, context) => {
    if (textParts.includes(part.type)) return part.text ?? part.refusal ?? ''
    const message = `${part.type} is not supported, models read text only`
    context.addIssue({ code: 'custom', path: ['type'], message })
    return z.NEVER
  })

/** A text, or a list of parts, which are put in lines of their own. */
export const messageContent = z.preprocess(
  (content) => (typeof content === 'string' ? [{ type: 'text', text: content }] : content),
  z
    .array(contentPart, { error: 'must be a text or a list of parts' })
    .transform((texts) => texts.join('\n'))
    .nullish(),
)

/** Arguments are JSON text; some clients send the object. */
export const calledFunction = z.object({
  name: z.string(),
  arguments: z.preprocess((value) => (typeof value === 'object' ? JSON.stringify(value ?? {}) : value), z.string()),
})

const toolCall = z.object({ id: z.string().nullish(), function: calledFunction })

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const

const chatMessage = z
  .object({
    role: z.enum(roles),
    content: messageContent,
    /** What the demo of Chinese-LLaMA-Alpaca calls the content. */
    message: messageContent,
    tool_calls: z.array(toolCall).nullish(),
    function_call: calledFunction.nullish(),
    tool_call_id: z.string().nullish(),
  })
  .transform((message, context): InferenceMessage => {
    const text = message.content ?? message.message
    if (message.role === 'assistant') {
      const calls = message.tool_calls ?? (message.function_call ? [{ id: '', function: message.function_call }] : [])
      return {
        role: 'assistant',
        text: text ?? '',
        toolCalls: calls.map((call) => ({ id: call.id ?? '', ...call.function })),
      }
    }
    if (text === undefined || text === null) {
      context.addIssue({ code: 'custom', path: ['content'], message: 'is missing' })
      return z.NEVER
    }
    if (message.role === 'user') return { role: 'user', text }
    if (message.role === 'tool' || message.role === 'function') {
      return { role: 'tool', text, toolCallId: message.tool_call_id ?? null }
    }
    return { role: 'system', text }
  })

/** A text alone is the person's message. */
export const chatMessages = z.preprocess(
  (messages) => (typeof messages === 'string' ? [{ role: 'user', content: messages }] : messages),
  z.array(chatMessage, { error: 'must be a list of messages' }).min(1),
)
