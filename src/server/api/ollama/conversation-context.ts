/**
 * The `context` of `/api/generate`: numbers that a client sends back to go on with a conversation, and does not look
 * into. Ollama's are the tokens; ours are the bytes of what was said, so that it goes on in the form of whatever
 * model is asked next.
 */
import { z } from 'zod'
import type { InferenceMessage } from '../../../shared/contract/inference.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'

const turnsSchema = z.array(z.tuple([z.enum(['system', 'user', 'assistant']), z.string()]))

export function contextOf(messages: readonly InferenceMessage[]): number[] {
  return [...Buffer.from(JSON.stringify(messages.map(({ role, text }) => [role, text])))]
}

/** Throws REQUEST_INVALID of what did not come from here. */
export function messagesOf(context: readonly number[]): InferenceMessage[] {
  try {
    if (context.some((byte) => byte < 0 || byte > 255)) throw new Error('not bytes')
    const turns = turnsSchema.parse(JSON.parse(Buffer.from(context).toString()))
    return turns.map(([role, text]) => (role === 'assistant' ? { role, text, toolCalls: [] } : { role, text }))
  } catch {
    throw new AppFailure('REQUEST_INVALID', { field: 'context', detail: 'must be what an earlier answer had' })
  }
}
