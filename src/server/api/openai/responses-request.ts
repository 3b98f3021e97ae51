/** A request to `/v1/responses`, taken apart (platform.openai.com, "Responses"). */
import { z } from 'zod'
import type { InferenceMessage, InferenceRequest, Tool, ToolChoice } from '../../../shared/contract/inference.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { calledFunction, messageContent } from './chat-messages.ts'
import { commonFields, requestsOf } from './common-fields.ts'

const message = z
  .object({
    type: z.literal('message').nullish(),
    role: z.enum(['system', 'developer', 'user', 'assistant']),
    content: messageContent,
  })
  .transform(({ role, content }): InferenceMessage => {
    const text = content ?? ''
    if (role === 'assistant') return { role, text, toolCalls: [] }
    return role === 'user' ? { role, text } : { role: 'system', text }
  })

const call = calledFunction
  .extend({ type: z.literal('function_call'), call_id: z.string() })
  .transform(({ call_id: id, name, arguments: text }): InferenceMessage => {
    return { role: 'assistant', text: '', toolCalls: [{ id, name, arguments: text }] }
  })

const callOutput = z
  .object({ type: z.literal('function_call_output'), call_id: z.string(), output: messageContent })
  .transform(({ call_id, output }): InferenceMessage => ({ role: 'tool', text: output ?? '', toolCallId: call_id }))

/** What a model once thought is not read again. */
const reasoning = z.object({ type: z.literal('reasoning') }).transform(() => null)

const inputItems = z.preprocess(
  (input) => (typeof input === 'string' ? [{ role: 'user', content: input }] : input),
  z.array(z.union([message, call, callOutput, reasoning]), { error: 'must be a text or a list of items' }).min(1),
)

const tool = z
  .object({
    type: z.literal('function', { error: 'must be function, the only kind of tool there is' }),
    name: z.string().min(1),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
  })
  .transform(({ name, description, parameters }): Tool => {
    return { name, description: description ?? '', parameters: parameters ?? {} }
  })

const textFormat = z.object({
  type: z.enum(['text', 'json_object', 'json_schema']),
  schema: z.record(z.string(), z.unknown()).nullish(),
})

const { temperature, top_p, top_k, min_p, repeat_penalty, repetition_penalty, seed, model, ttl, draft_model } = commonFields

export const responsesBody = z.object({
  ...{ temperature, top_p, top_k, min_p, repeat_penalty, repetition_penalty, seed, model, ttl, draft_model },
  input: inputItems,
  instructions: z.string().nullish(),
  previous_response_id: z.string().nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  max_output_tokens: commonFields.max_tokens,
  text: z.object({ format: textFormat.nullish() }).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z
    .union([z.enum(['none', 'auto', 'required']), z.object({ type: z.literal('function'), name: z.string() })])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
})
export type ResponsesBody = z.infer<typeof responsesBody>

/** Of the request alone: what was said before is not in it. */
export function inputMessages({ input }: ResponsesBody): InferenceMessage[] {
  const messages: InferenceMessage[] = []
  for (const item of input) {
    const last = messages.at(-1)
    if (item === null) continue
    // Calls of one answer are items of their own here.
    if (item.role === 'assistant' && item.toolCalls.length > 0 && last?.role === 'assistant') {
      last.toolCalls.push(...item.toolCalls)
    } else messages.push(item)
  }
  return messages
}

/** `messages`: the whole conversation but for the instructions. Throws REQUEST_INVALID. */
export function readResponsesRequest(body: ResponsesBody, messages: InferenceMessage[]): InferenceRequest {
  const system: InferenceMessage[] = body.instructions ? [{ role: 'system', text: body.instructions }] : []
  const tools = body.tools ?? []
  const prompt = { type: 'chat' as const, messages: [...system, ...messages], tools, toolChoice: choiceOf(body, tools) }
  const format = body.text?.format
  const common = {
    ...body,
    max_tokens: body.max_output_tokens,
    response_format: format && {
      type: format.type,
      json_schema: format.schema ? { schema: JSON.stringify(format.schema) } : null,
    },
  }
  const [request] = requestsOf(common, [prompt], { topLogprobs: null, splitsReasoning: true })
  return request!
}

function choiceOf({ tool_choice: choice }: ResponsesBody, tools: readonly Tool[]): ToolChoice {
  if (!choice || typeof choice === 'string') return { type: choice ?? 'auto' }
  if (tools.some(({ name }) => name === choice.name)) return { type: 'tool', name: choice.name }
  throw new AppFailure('REQUEST_INVALID', { field: 'tool_choice', detail: `${choice.name} is not among the tools` })
}
