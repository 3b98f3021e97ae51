import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { messageSchema } from './chats.ts'
import { errorsOf } from './errors.ts'

/** Where a running answer stands before and while text comes. */
export const runPhaseSchema = z.discriminatedUnion('phase', [
  /** Another answer of the same model is running. */
  z.object({ phase: z.literal('waiting') }),
  /** The model is being loaded; 0 to 1. */
  z.object({ phase: z.literal('loading'), fraction: z.number() }),
  /** The prompt is being read; tokens found in the cache are not counted. */
  z.object({ phase: z.literal('reading'), readTokens: z.number(), totalTokens: z.number() }),
  z.object({ phase: z.literal('writing') }),
])
export type RunPhase = z.infer<typeof runPhaseSchema>

export const runEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('phase'), phase: runPhaseSchema }),
  /** `text` goes at `offset` (UTF-16 units) of the answer; chunks that waited arrive as one. */
  z.object({ type: z.literal('text'), offset: z.number(), text: z.string() }),
  /** The last event of every run: the message as it was saved. */
  z.object({ type: z.literal('end'), message: messageSchema }),
])
export type RunEvent = z.infer<typeof runEventSchema>

const startErrors = errorsOf('NOT_FOUND', 'NO_MODEL', 'CHAT_BUSY', 'PROMPT_TOO_LONG', 'TEMPLATE_FAILED', 'DISK_FULL')
const started = z.object({ userMessageId: z.string(), answerId: z.string() })

export const generation = {
  /**
   * Saves the person's message under `parentId` (null = first of the chat; a sibling there becomes
   * another branch, which is how editing works), and an empty answer under it; then runs it. Both
   * are on disk when this returns. Refused with PROMPT_TOO_LONG before anything is saved, if the
   * model is loaded. Only in a completion the text may be empty: the model goes on below `parentId`.
   */
  send: oc
    .input(
      z.object({
        chatId: z.string(),
        parentId: z.string().nullable(),
        text: z.string().max(2_000_000),
      }),
    )
    .output(started)
    .errors(startErrors),
  /** Another answer (a sibling) under the same message of the person. */
  regenerate: oc.input(z.object({ userMessageId: z.string() })).output(started).errors(startErrors),
  /**
   * Follows a running answer from the text the viewer already has. The first `text` event brings
   * what is missing after `offset`. Ending the stream detaches; only `stop` stops.
   */
  attach: oc
    .input(z.object({ answerId: z.string(), offset: z.number().int().min(0) }))
    .output(eventIterator(runEventSchema))
    .errors(errorsOf('NOT_FOUND')),
  /** Ends the answer within a quarter of a second; its text stays. No error when it is over already. */
  stop: oc.input(z.object({ answerId: z.string() })),
  /**
   * Tokens the prompt would have if `text` were sent under `parentId` now.
   * null where no engine is loaded to count with.
   */
  countPrompt: oc
    .input(z.object({ chatId: z.string(), parentId: z.string().nullable(), text: z.string().max(2_000_000) }))
    .output(z.object({ promptTokens: z.number(), contextSize: z.number() }).nullable())
    .errors(errorsOf('NOT_FOUND', 'TEMPLATE_FAILED')),
}
