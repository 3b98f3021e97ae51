/**
 * Answers that belong to no chat: what programs ask for through the HTTP APIs, and `yangtuo run`. Nothing is
 * saved. The names of models are those of shared/lib/model-names.ts.
 */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf } from './errors.ts'
import { loadErrors } from './models.ts'
import { samplingOverridesSchema } from './sampling.ts'

/** A call of a tool by the model. `arguments` is JSON text. */
export const toolCallSchema = z.object({ id: z.string(), name: z.string(), arguments: z.string() })
export type ToolCall = z.infer<typeof toolCallSchema>

export const inferenceMessageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), text: z.string() }),
  z.object({ role: z.literal('user'), text: z.string() }),
  z.object({ role: z.literal('assistant'), text: z.string(), toolCalls: z.array(toolCallSchema).default([]) }),
  /** What a tool returned. */
  z.object({ role: z.literal('tool'), text: z.string(), toolCallId: z.string().nullable().default(null) }),
])
export type InferenceMessage = z.infer<typeof inferenceMessageSchema>

export const toolSchema = z.object({
  name: z.string(),
  description: z.string().default(''),
  /** JSON Schema of the arguments. */
  parameters: z.record(z.string(), z.unknown()).default({}),
})
export type Tool = z.infer<typeof toolSchema>

export const toolChoiceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('auto') }),
  z.object({ type: z.literal('none') }),
  /** At least one call. */
  z.object({ type: z.literal('required') }),
  z.object({ type: z.literal('tool'), name: z.string() }),
])
export type ToolChoice = z.infer<typeof toolChoiceSchema>

export const inferencePromptSchema = z.discriminatedUnion('type', [
  /** By the model's template. A last message of the assistant's without tool calls is gone on with. */
  z.object({
    type: z.literal('chat'),
    messages: z.array(inferenceMessageSchema),
    tools: z.array(toolSchema).default([]),
    toolChoice: toolChoiceSchema.default({ type: 'auto' }),
  }),
  /**
   * Continued as it stands, with the texts of control tokens as such; with a suffix, the text in between (needs a
   * model that was trained for it).
   */
  z.object({ type: z.literal('text'), text: z.string(), suffix: z.string().default('') }),
])
export type InferencePrompt = z.infer<typeof inferencePromptSchema>

export const inferenceRequestSchema = z.object({
  /** Empty = the one used last of those that are loaded, else the default model. */
  model: z.string().default(''),
  prompt: inferencePromptSchema,
  /** On top of the model's own values (preset, family, defaults). */
  sampling: samplingOverridesSchema.default({}),
  /** Added to the scores of tokens, by their number in the model's vocabulary; -100 forbids, 100 forces. */
  logitBias: z.record(z.string(), z.number()).default({}),
  /** How many of the likeliest tokens come with each token; 0 = the token's own probability only; null = none. */
  topLogprobs: z.number().int().min(0).max(20).nullable().default(null),
  /** A `<think>` block comes as `reasoning` events; else as text. */
  splitsReasoning: z.boolean().default(false),
  /** The model, if a request loads it, stays so long after its last use; null = for good; 0 = it goes at once; missing = by the settings. */
  ttlSeconds: z.number().min(0).nullable().optional(),
  /** How a request wants the model loaded. Heeded when the model is not loaded yet, or was loaded by a request. */
  contextSize: z.number().int().min(64).optional(),
  /** Name of a draft model. */
  draftModel: z.string().optional(),
})
export type InferenceRequest = z.infer<typeof inferenceRequestSchema>
/** As a client may write it. */
export type InferenceRequestInput = z.input<typeof inferenceRequestSchema>

/** A token as it was chosen, with the natural logarithm of its probability; `bytes` also of half a character. */
export const tokenLogprobSchema = z.object({
  text: z.string(),
  bytes: z.array(z.number().int()),
  logprob: z.number(),
  top: z.array(z.object({ text: z.string(), bytes: z.array(z.number().int()), logprob: z.number() })),
})
export type TokenLogprob = z.infer<typeof tokenLogprobSchema>

export const inferenceUsageSchema = z.object({
  promptTokens: z.number().int(),
  /** Of the prompt's, those found in the cache. */
  cachedTokens: z.number().int(),
  answerTokens: z.number().int(),
  /** Of the answer's, those of its `<think>` block. */
  reasoningTokens: z.number().int(),
})
export type InferenceUsage = z.infer<typeof inferenceUsageSchema>

/** In milliseconds. */
export const inferenceTimingsSchema = z.object({
  /** Waiting for a free slot. */
  queueMs: z.number(),
  /** 0 if it was loaded. */
  loadMs: z.number(),
  promptMs: z.number(),
  /** From the first to the last token. */
  answerMs: z.number(),
  totalMs: z.number(),
})
export type InferenceTimings = z.infer<typeof inferenceTimingsSchema>

export const inferenceEventSchema = z.discriminatedUnion('type', [
  /** Waiting for a slot, or for the model to be loaded (0 to 1); any number of times before `start`. */
  z.object({ type: z.literal('waiting') }),
  z.object({ type: z.literal('loading'), fraction: z.number() }),
  /** The model's name for programs; once, when it begins to read. */
  z.object({ type: z.literal('start'), model: z.string(), modelId: z.string() }),
  z.object({ type: z.literal('reading'), readTokens: z.number(), totalTokens: z.number() }),
  z.object({ type: z.literal('reasoning'), text: z.string() }),
  /** Whole characters. `tokens` only where probabilities were asked for; the text of a token may lie in the next event. */
  z.object({ type: z.literal('text'), text: z.string(), tokens: z.array(tokenLogprobSchema).default([]) }),
  /** A call begins; its arguments follow in pieces of JSON text. `index` counts the calls of an answer from 0. */
  z.object({ type: z.literal('tool-call'), index: z.number().int(), id: z.string(), name: z.string() }),
  z.object({ type: z.literal('tool-arguments'), index: z.number().int(), text: z.string() }),
  /** The last event of every answer that did not fail. */
  z.object({
    type: z.literal('end'),
    /** `stop`: by the model or a stop text; `length`: by a limit or the end of the context. */
    reason: z.enum(['stop', 'length', 'tool-calls']),
    /** The stop text that ended it, if one did. */
    stopText: z.string().nullable(),
    usage: inferenceUsageSchema,
    timings: inferenceTimingsSchema,
    /** Of the sampler. */
    seed: z.number(),
    /** Of a draft model or lookup; null without. */
    draft: z.object({ acceptedTokens: z.number(), rejectedTokens: z.number() }).nullable(),
  }),
])
export type InferenceEvent = z.infer<typeof inferenceEventSchema>

/** A model that programs can name. */
export const namedModelSchema = z.object({
  name: z.string(),
  modelId: z.string(),
  /** Of its load state: a derived model that is loaded otherwise than the one below it has a state of its own. */
  loadId: z.string(),
  /** Made by `/api/create` or `/api/copy` on top of a model of the library. */
  isDerived: z.boolean(),
  isLoaded: z.boolean(),
})
export type NamedModel = z.infer<typeof namedModelSchema>

export const inferenceErrors = {
  ...loadErrors,
  ...errorsOf(
    'MODEL_UNKNOWN',
    'MODEL_NOT_LOADED',
    'SERVER_BUSY',
    'REQUEST_INVALID',
    'NO_MODEL',
    'PROMPT_TOO_LONG',
    'GRAMMAR_INVALID',
    'INFILL_UNSUPPORTED',
  ),
}

export const inference = {
  /** The models that can be asked now: all, or only those that are loaded where requests may load none. */
  models: oc.output(z.array(namedModelSchema)),
  /** Ends with an `end` event, or with an error. Leaving the stream stops the answer. */
  generate: oc.input(inferenceRequestSchema).output(eventIterator(inferenceEventSchema)).errors(inferenceErrors),
  /** One vector a text: the mean of the last hidden states, of length 1. */
  embed: oc
    .input(z.object({ model: z.string().default(''), texts: z.array(z.string()), ttlSeconds: z.number().min(0).nullable().optional() }))
    .output(z.object({ model: z.string(), vectors: z.array(z.array(z.number())), promptTokens: z.number().int() }))
    .errors(inferenceErrors),
  /** Tokens of the prompt as `generate` would read it; loads the model if it must. */
  countTokens: oc
    .input(inferenceRequestSchema.pick({ model: true, prompt: true }))
    .output(z.object({ promptTokens: z.number().int() }))
    .errors(inferenceErrors),
}
