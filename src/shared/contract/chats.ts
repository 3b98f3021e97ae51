import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf, failureSchema } from './errors.ts'
import { samplingOverridesSchema, samplingSchema } from './sampling.ts'

/** Times are milliseconds since 1970; ids are UUID v7, so they sort by creation. */
const timeMs = z.number()

/** Why an answer ended: the model ended it, a limit, a full context, or the person. */
export const stopReasonSchema = z.enum(['end', 'max-tokens', 'context-full', 'stopped'])
export type StopReason = z.infer<typeof stopReasonSchema>

/** How one answer came about: everything needed to make it again, and what it cost. */
export const runCardSchema = z.object({
  model: z.object({
    id: z.string(),
    name: z.string(),
    fileName: z.string(),
    sizeBytes: z.number(),
    /** Of the whole file; null until it was computed. */
    sha256: z.string().nullable(),
    architecture: z.string(),
    quantization: z.string(),
  }),
  /** `file` = the GGUF's own Jinja template, else the name of the family's template; `none` in a completion. */
  template: z.string(),
  adapters: z.array(z.object({ fileName: z.string(), scale: z.number() })),
  systemPrompt: z.string(),
  /** As used; the seed is the one really drawn. */
  sampling: samplingSchema,
  contextSize: z.number().int(),
  gpu: z.string(),
  threads: z.number().int(),
  promptTokens: z.number().int(),
  /** Of the prompt's tokens, those found in the KV cache and not evaluated again. */
  cachedTokens: z.number().int(),
  answerTokens: z.number().int(),
  /** Tokens proposed by a draft model or by lookup: how many were taken and how many thrown away. null = no drafting. */
  draft: z
    .object({
      method: z.enum(['model', 'lookup']),
      acceptedTokens: z.number().int(),
      rejectedTokens: z.number().int(),
      /** Tokens a second measured without drafting for this model, to tell whether it pays; null = not measured. */
      plainTokensPerSecond: z.number().nullable(),
      /** It was found to be slower than without, and is off until the model is loaded again. */
      isPaused: z.boolean(),
    })
    .nullable()
    .default(null),
  /** From the request to the first piece of text, waiting and reading the prompt included. */
  timeToFirstTokenMs: z.number().nullable(),
  promptMs: z.number(),
  /** Of the answer alone. */
  tokensPerSecond: z.number().nullable(),
  stopReason: stopReasonSchema.nullable(),
})
export type RunCard = z.infer<typeof runCardSchema>

/**
 * `running` is being written; `complete` ended by itself or at a limit; `stopped` by the person;
 * `interrupted` was found running at start-up or lost its engine; `failed` has a failure.
 */
export const messageStatusSchema = z.enum(['running', 'complete', 'stopped', 'interrupted', 'failed'])

/** One node of a chat's message tree. */
export const messageSchema = z.object({
  id: z.string(),
  chatId: z.string(),
  /** null for the first message of a chat. Siblings (same parent) are the branches. */
  parentId: z.string().nullable(),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  status: messageStatusSchema,
  failure: failureSchema.nullable(),
  runCard: runCardSchema.nullable(),
  createdAt: timeMs,
})
export type Message = z.infer<typeof messageSchema>

export const chatSchema = z.object({
  id: z.string(),
  /** `completion`: one text that the model continues, without a template. */
  mode: z.enum(['chat', 'completion']),
  title: z.string(),
  /** `empty`: never named; `first-message`: taken from the first message; `person`: typed, never changed by us. */
  titleSource: z.enum(['empty', 'first-message', 'person']),
  systemPrompt: z.string(),
  sampling: samplingOverridesSchema,
  /** null = the default model of the settings. */
  modelId: z.string().nullable(),
  /** The last message of the path shown; null in an empty chat. */
  activeLeafId: z.string().nullable(),
  /** What stands unsent in the composer. */
  draft: z.string(),
  createdAt: timeMs,
  updatedAt: timeMs,
})
export type Chat = z.infer<typeof chatSchema>

export const chatEventSchema = z.discriminatedUnion('type', [
  /** Sent once, first: all chats that are not in the trash, newest first. */
  z.object({ type: z.literal('chats'), chats: z.array(chatSchema) }),
  z.object({ type: z.literal('chat-saved'), chat: chatSchema }),
  z.object({ type: z.literal('chat-trashed'), chatId: z.string() }),
  /** A message was added or reached a new status. Text growing under `running` comes by `generation.attach`. */
  z.object({ type: z.literal('message-saved'), message: messageSchema }),
])
export type ChatEvent = z.infer<typeof chatEventSchema>

const chatId = z.object({ chatId: z.string() })

export const chats = {
  create: oc
    .input(
      z.object({ modelId: z.string().nullable().optional(), mode: z.enum(['chat', 'completion']).default('chat') }),
    )
    .output(chatSchema)
    .errors(errorsOf('DISK_FULL')),
  /** The whole tree of one chat, in order of creation. */
  messages: oc.input(chatId).output(z.array(messageSchema)).errors(errorsOf('NOT_FOUND')),
  update: oc
    .input(
      chatId.extend({
        /** Only while it has no messages; ignored after that. */
        mode: z.enum(['chat', 'completion']).optional(),
        title: z.string().max(200).optional(),
        systemPrompt: z.string().max(200_000).optional(),
        sampling: samplingOverridesSchema.optional(),
        modelId: z.string().nullable().optional(),
        draft: z.string().max(2_000_000).optional(),
        activeLeafId: z.string().optional(),
      }),
    )
    .output(chatSchema)
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Stops its answer, if one is running, and moves it to the trash. */
  trash: oc.input(chatId).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  restore: oc.input(chatId).output(chatSchema).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  watch: oc.output(eventIterator(chatEventSchema)),
}
