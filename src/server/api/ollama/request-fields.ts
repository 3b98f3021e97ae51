/** What the requests of Ollama's API have in common. Fields that are null count as missing. */
import { z } from 'zod'
import type { InferenceRequest } from '../../../shared/contract/inference.ts'
import { contextSizeOf, formatSchema, keepAliveSchema, optionsSchema, samplingOf } from './ollama-options.ts'

export const modelField = z.string().nullish()
export const streamField = z.boolean().nullish()

export const imagesField = z
  .array(z.unknown())
  .max(0, 'are not supported: models read text only')
  .nullish()

export const answerFields = {
  model: modelField,
  stream: streamField,
  format: formatSchema,
  keep_alive: keepAliveSchema,
  options: optionsSchema.nullish(),
  /** false leaves the thinking out; how hard to think is up to the model. */
  think: z.union([z.boolean(), z.string()]).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
}
type AnswerBody = z.infer<z.ZodObject<typeof answerFields>>

export function answerRequest(body: AnswerBody): Omit<InferenceRequest, 'prompt'> {
  const options = body.options ?? {}
  return {
    model: body.model ?? '',
    sampling: { ...samplingOf(options), ...body.format },
    logitBias: {},
    topLogprobs: body.logprobs ? (body.top_logprobs ?? 0) : null,
    splitsReasoning: true,
    ttlSeconds: body.keep_alive,
    contextSize: contextSizeOf(options),
  }
}
