import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { attachmentSchema } from './attachments.ts'
import { contextCutSchema, messageSchema } from './chats.ts'
import { errorsOf } from './errors.ts'
import { samplingOverridesSchema } from './sampling.ts'

/** Where a running answer stands before and while text comes. */
export const runPhaseSchema = z.discriminatedUnion('phase', [
  /** Another answer of the same model is running. */
  z.object({ phase: z.literal('waiting') }),
  /** The model is being loaded; 0 to 1. */
  z.object({ phase: z.literal('loading'), fraction: z.number() }),
  /** The model writes a summary of what no longer fits the context. */
  z.object({ phase: z.literal('summarising') }),
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

/** What one answer is made with instead of what the chat says; missing keys are as in the chat. */
export const variantSchema = z.object({
  modelId: z.string().optional(),
  /** On top of the chat's values. */
  sampling: samplingOverridesSchema.optional(),
  systemPrompt: z.string().max(200_000).optional(),
})
export type Variant = z.infer<typeof variantSchema>

/** What the prompt's tokens are spent on. */
export const promptPartKindSchema = z.enum([
  /** BOS and what the template writes round the messages. */
  'template',
  'system',
  'summary',
  /** Earlier messages. */
  'history',
  'attachment',
  /** The person's last message. */
  'message',
  /** The beginning of the answer, when it goes on from a text. */
  'answer',
])
export type PromptPartKind = z.infer<typeof promptPartKindSchema>

export const promptCountSchema = z.object({
  promptTokens: z.number().int(),
  contextSize: z.number().int(),
  /** Of the prompt's tokens, those at its head that the KV cache holds now. */
  cachedTokens: z.number().int(),
  /** Tokens that the context policy keeps free for the answer. */
  reservedTokens: z.number().int(),
  /** Adds up to `promptTokens`. */
  parts: z.partialRecord(promptPartKindSchema, z.number().int()),
  /** What is left out of the prompt, and the tokens that all of the path would take; null = nothing. */
  cut: contextCutSchema.extend({ wholeTokens: z.number().int() }).nullable(),
})
export type PromptCount = z.infer<typeof promptCountSchema>

export const promptPartSchema = z.object({
  kind: promptPartKindSchema,
  /** Whose text it is; null for the template's and the system prompt's. */
  messageId: z.string().nullable(),
  /** Each token as it reads; bytes of an unfinished character as `\xE7`. */
  tokens: z.array(z.object({ id: z.number().int(), text: z.string(), isControl: z.boolean() })),
  /** Of its tokens, those at its head that the KV cache holds now; of a past answer, that it found there. */
  cachedTokens: z.number().int(),
})
export type PromptPart = z.infer<typeof promptPartSchema>

export const tokenChoiceSchema = z.object({
  text: z.string(),
  /** 0 to 1, of the model alone, before any sampling value. */
  probability: z.number(),
})
export type TokenChoice = z.infer<typeof tokenChoiceSchema>

/** A message that is not sent yet. */
const unsent = z.object({
  chatId: z.string(),
  parentId: z.string().nullable(),
  text: z.string().max(2_000_000),
  attachments: z.array(attachmentSchema).max(50).default([]),
})

const startErrors = errorsOf(
  'NOT_FOUND',
  'NO_MODEL',
  'CHAT_BUSY',
  'PROMPT_TOO_LONG',
  'TEMPLATE_FAILED',
  'GRAMMAR_INVALID',
  'DISK_FULL',
)
/** The answers of the variants in their order; without variants one. They are made one after the other. */
const started = z.object({ userMessageId: z.string(), answerIds: z.array(z.string()) })
const variants = z.array(variantSchema).max(3).default([])

export const generation = {
  /**
   * Saves the person's message under `parentId` (null = first of the chat; a sibling there becomes
   * another branch, which is how editing works), and an empty answer (one for each variant) under it; then
   * runs them. All are on disk when this returns. With two or more variants the message is marked `isCompared`.
   * Refused with PROMPT_TOO_LONG before anything is saved, if the model is loaded and the context policy cannot
   * help. Only in a completion the text may be empty: the model goes on below `parentId`. With `queuedId` the
   * message is taken out of the chat's queue.
   */
  send: oc
    .input(unsent.extend({ variants, queuedId: z.string().optional() }))
    .output(started)
    .errors(startErrors),
  /** Other answers (siblings) under the same message of the person. */
  regenerate: oc.input(z.object({ userMessageId: z.string(), variants })).output(started).errors(startErrors),
  /**
   * Lets the model go on at the end of an answer that was cut; or, with `text`, makes a sibling that begins with
   * `text` and goes on from there (as from another token).
   */
  continueAnswer: oc
    .input(z.object({ answerId: z.string(), text: z.string().min(1).max(2_000_000).optional() }))
    .output(started)
    .errors(startErrors),
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
  /** What the prompt would be if this were sent now. null where no engine is loaded to count with. */
  countPrompt: oc
    .input(unsent)
    .output(promptCountSchema.nullable())
    .errors(errorsOf('NOT_FOUND', 'TEMPLATE_FAILED')),
  /** Tokens of a text alone, as the chat's model cuts it; null where no engine is loaded. */
  countText: oc
    .input(z.object({ chatId: z.string(), text: z.string().max(20_000_000) }))
    .output(z.number().int().nullable())
    .errors(errorsOf('NOT_FOUND')),
  /**
   * The exact prompt, token by token: of a message before it is sent, or of a past answer (whose model must be
   * loaded). null where that model is not loaded; the model's name is in the answer's run card.
   */
  inspectPrompt: oc
    .input(
      z.discriminatedUnion('of', [
        unsent.extend({ of: z.literal('next') }),
        z.object({ of: z.literal('answer'), answerId: z.string() }),
      ]),
    )
    .output(promptCountSchema.extend({ parts: z.array(promptPartSchema), modelName: z.string() }).nullable())
    .errors(errorsOf('NOT_FOUND', 'TEMPLATE_FAILED')),
  /**
   * The answer cut into tokens, each with its probability and the likeliest other tokens there, likeliest first
   * (the token itself is among them if it is one of them). Computed anew by the model of the answer, which is
   * loaded if it is not.
   */
  answerTokens: oc
    .input(z.object({ answerId: z.string() }))
    .output(z.array(tokenChoiceSchema.extend({ choices: z.array(tokenChoiceSchema) })))
    .errors(errorsOf('NOT_FOUND', 'NO_MODEL', 'PROMPT_TOO_LONG', 'TEMPLATE_FAILED')),
  /** Has the chat named by its model. Returns the title; the old one stays if the model finds none. */
  nameChat: oc.input(z.object({ chatId: z.string() })).output(z.string()).errors(errorsOf('NOT_FOUND', 'NO_MODEL')),
}
