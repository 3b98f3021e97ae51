import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { attachmentSchema } from './attachments.ts'
import { errorsOf, failureSchema } from './errors.ts'
import { samplingOverridesSchema, samplingSchema } from './sampling.ts'

/** Times are milliseconds since 1970; ids are UUID v7, so they sort by creation. */
const timeMs = z.number()

/** Why an answer ended: the model ended it, a limit, a full context, or the person. */
export const stopReasonSchema = z.enum(['end', 'max-tokens', 'context-full', 'stopped'])
export type StopReason = z.infer<typeof stopReasonSchema>

/**
 * What to do when the prompt no longer fits the context. All but `stop` take out whole turns, in blocks of up
 * to half the context, so that the turns after that find their prompt in the cache again.
 */
export const contextPolicySchema = z.enum([
  /** Refuse the message and say so. */
  'stop',
  /** Leave out the oldest turns. */
  'drop-oldest',
  /** Keep the first turn, leave out those after it. */
  'drop-middle',
  /** Leave out the oldest turns and put a summary in their place, written by the same model. */
  'summarise',
])
export type ContextPolicy = z.infer<typeof contextPolicySchema>

/** Which messages of a path were left out of a prompt: those from `from` up to and including `to`. */
export const contextCutSchema = z.object({
  policy: contextPolicySchema.exclude(['stop']),
  fromMessageId: z.string(),
  toMessageId: z.string(),
  messageCount: z.number().int(),
  /** Whether the summary that `to` carries stands in their place. */
  hasSummary: z.boolean(),
})
export type ContextCut = z.infer<typeof contextCutSchema>

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
  /** As used, with its variables filled in. */
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
  /** null = the whole path was in the prompt. */
  cut: contextCutSchema.nullable().default(null),
  /** Characters (UTF-16 units) at the head of the answer that stood there before this run went on from them. */
  givenCharacters: z.number().int().default(0),
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
  attachments: z.array(attachmentSchema).default([]),
  /**
   * Of the path down to and including this message: stands in its place where the context policy left it out.
   * `isEdited`: by a person.
   */
  summary: z.object({ text: z.string(), modelName: z.string(), isEdited: z.boolean() }).nullable().default(null),
  /** Of a person's message: its answers were asked for side by side. */
  isCompared: z.boolean().default(false),
  createdAt: timeMs,
})
export type Message = z.infer<typeof messageSchema>

/** A message that waits until the running answer is complete. */
export const queuedMessageSchema = z.object({
  id: z.string(),
  text: z.string().max(2_000_000),
  attachments: z.array(attachmentSchema).max(50),
})
export type QueuedMessage = z.infer<typeof queuedMessageSchema>

export const chatSchema = z.object({
  id: z.string(),
  /** null = in no folder. */
  folderId: z.string().nullable(),
  /** `completion`: one text that the model continues, without a template. */
  mode: z.enum(['chat', 'completion']),
  title: z.string(),
  /**
   * `empty`: never named; `first-message`: taken from the first message; `model`: found by the model after the first
   * answer; `person`: typed, never changed by us.
   */
  titleSource: z.enum(['empty', 'first-message', 'model', 'person']),
  /** null = what the preset, the folder or the model says. Variables: see shared/lib/prompt-variables.ts. */
  systemPrompt: z.string().nullable(),
  sampling: samplingOverridesSchema,
  /** null = none of its own. */
  presetId: z.string().nullable(),
  /** null = that of the settings. */
  contextPolicy: contextPolicySchema.nullable(),
  /** null = the default model of the settings. */
  modelId: z.string().nullable(),
  /** The last message of the path shown; null in an empty chat. */
  activeLeafId: z.string().nullable(),
  /** What stands unsent in the composer. */
  draft: z.string(),
  draftAttachments: z.array(attachmentSchema),
  /** Sent one after the other when an answer is complete. After a stop or a failure they wait to be sent by hand. */
  queue: z.array(queuedMessageSchema),
  /** When it was pinned to the top; null = not. */
  pinnedAt: timeMs.nullable(),
  /** An answer ended while nobody watched it. */
  isUnread: z.boolean(),
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
  /** A branch was deleted: this message and all below it. */
  z.object({ type: z.literal('branch-deleted'), chatId: z.string(), messageId: z.string() }),
])
export type ChatEvent = z.infer<typeof chatEventSchema>

/** What is in the trash, newest first; kept until it is deleted for good. */
export const trashedChatSchema = z.object({
  id: z.string(),
  title: z.string(),
  messageCount: z.number().int(),
  trashedAt: timeMs,
  /** A folder that went to the trash together with it: restoring brings that back, too. */
  folderName: z.string().nullable(),
})
export type TrashedChat = z.infer<typeof trashedChatSchema>

const chatId = z.object({ chatId: z.string() })
const chatIds = z.object({ chatIds: z.array(z.string()).min(1).max(100_000) })
const messageId = z.object({ messageId: z.string() })

export const chats = {
  create: oc
    .input(
      z.object({
        modelId: z.string().nullable().optional(),
        mode: z.enum(['chat', 'completion']).default('chat'),
        folderId: z.string().nullable().default(null),
        presetId: z.string().nullable().default(null),
      }),
    )
    .output(chatSchema)
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /**
   * The tree of one chat, in order of creation. With `tail`: only the last so many messages of the path to the
   * active leaf, with the messages beside each of them.
   */
  messages: oc
    .input(chatId.extend({ tail: z.number().int().min(1).optional() }))
    .output(z.array(messageSchema))
    .errors(errorsOf('NOT_FOUND')),
  update: oc
    .input(
      chatId.extend({
        /** Only while it has no messages; ignored after that. */
        mode: z.enum(['chat', 'completion']).optional(),
        title: z.string().max(200).optional(),
        systemPrompt: z.string().max(200_000).nullable().optional(),
        sampling: samplingOverridesSchema.optional(),
        presetId: z.string().nullable().optional(),
        contextPolicy: contextPolicySchema.nullable().optional(),
        modelId: z.string().nullable().optional(),
        draft: z.string().max(2_000_000).optional(),
        draftAttachments: z.array(attachmentSchema).max(50).optional(),
        queue: z.array(queuedMessageSchema).max(100).optional(),
        activeLeafId: z.string().optional(),
        isPinned: z.boolean().optional(),
        isUnread: z.boolean().optional(),
      }),
    )
    .output(chatSchema)
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Puts chats into a folder; null = out of all folders. */
  move: oc.input(chatIds.extend({ folderId: z.string().nullable() })).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /**
   * A copy, with its settings: of the whole tree, or (a fork) of the path down to and including one message. It is
   * in the same folder.
   */
  duplicate: oc
    .input(chatId.extend({ upToMessageId: z.string().optional() }))
    .output(chatSchema)
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Stops their answers, if some are running, and moves them to the trash. */
  trash: oc.input(chatIds).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** With the folder each was in, if that is in the trash. */
  restore: oc.input(chatIds).output(z.array(chatSchema)).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  trashed: oc.output(z.array(trashedChatSchema)),
  /** Of chats in the trash; there is no way back. Their attachments and saved states go with them. */
  deleteForever: oc.input(chatIds).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Another version of a message of either role, beside it, with nothing below it; it becomes the active leaf. No answer is made. */
  addVersion: oc
    .input(messageId.extend({ text: z.string().min(1).max(2_000_000) }))
    .output(messageSchema)
    .errors(errorsOf('NOT_FOUND', 'CHAT_BUSY', 'DISK_FULL')),
  /** Takes out a message and all below it. If it was shown, the branch beside it, or the message above it, is shown. */
  deleteBranch: oc.input(messageId).output(chatSchema).errors(errorsOf('NOT_FOUND', 'CHAT_BUSY', 'DISK_FULL')),
  /** Takes `deleteBranch` back, and shows the branch again. */
  restoreBranch: oc.input(messageId).output(chatSchema).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Changes the summary that a message carries. */
  editSummary: oc
    .input(messageId.extend({ text: z.string().min(1).max(200_000) }))
    .output(messageSchema)
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  watch: oc.output(eventIterator(chatEventSchema)),
}
