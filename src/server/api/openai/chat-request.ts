/** A request to `/v1/chat/completions`, taken apart. */
import { z } from 'zod'
import type { InferenceRequest } from '../../../shared/contract/inference.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { chatMessages } from './chat-messages.ts'
import { toolFields, toolsOf } from './chat-tools.ts'
import { commonFields, requestsOf } from './common-fields.ts'

export const chatBody = z.object({
  ...commonFields,
  ...toolFields,
  messages: chatMessages,
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
})

/** How the answers are to be written. */
export interface ChatForm {
  showsLogprobs: boolean
  /** The older form of a call: one, as `function_call`. */
  usesFunctions: boolean
  /** Calls after the first are left out. */
  oneCall: boolean
}

/** Throws REQUEST_INVALID where fields contradict each other. */
export function readChatRequest(body: z.infer<typeof chatBody>): { requests: InferenceRequest[]; form: ChatForm } {
  const showsLogprobs = body.logprobs === true
  if (body.top_logprobs && !showsLogprobs) {
    throw new AppFailure('REQUEST_INVALID', { field: 'top_logprobs', detail: 'needs logprobs: true' })
  }
  const prompt = { type: 'chat' as const, messages: body.messages, ...toolsOf(body) }
  const extras = { topLogprobs: showsLogprobs ? (body.top_logprobs ?? 0) : null, splitsReasoning: true }
  const usesFunctions = !body.tools && !!body.functions
  return {
    requests: requestsOf(body, [prompt], extras),
    form: { showsLogprobs, usesFunctions, oneCall: usesFunctions || body.parallel_tool_calls === false },
  }
}
