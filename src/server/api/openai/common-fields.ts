/** What requests for chats and for completions have in common besides the sampling values. */
import { z } from 'zod'
import type { InferencePrompt, InferenceRequest } from '../../../shared/contract/inference.ts'
import { samplingFields, samplingOf, seedOf } from './sampling-fields.ts'

/** As many as OpenAI allows. */
const maxAnswers = 128

export const commonFields = {
  ...samplingFields,
  model: z.string().nullish(),
  n: z.int().min(1).max(maxAnswers).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  logit_bias: z
    .record(z.string().regex(/^\d+$/, 'must be the number of a token'), z.number().min(-100).max(100))
    .nullish(),
  /** In seconds: how long the model stays after its last use, if this request loads it. */
  ttl: z.number().positive().nullish(),
  draft_model: z.string().nullish(),
}
type CommonBody = z.infer<z.ZodObject<typeof commonFields>>

interface RequestExtras {
  topLogprobs: number | null
  splitsReasoning: boolean
}

/** One for each prompt and each of its `n` answers, which stand side by side and have seeds that follow one another. */
export function requestsOf(
  body: CommonBody,
  prompts: InferencePrompt[],
  extras: RequestExtras,
): InferenceRequest[] {
  const sampling = samplingOf(body)
  const request: Omit<InferenceRequest, 'prompt'> = {
    ...extras,
    model: body.model ?? '',
    sampling,
    logitBias: body.logit_bias ?? {},
    ttlSeconds: body.ttl ?? undefined,
    draftModel: body.draft_model || undefined,
  }
  const { seed } = sampling
  return prompts.flatMap((prompt) =>
    Array.from({ length: body.n ?? 1 }, (_, copy) => ({
      ...request,
      prompt,
      sampling: typeof seed === 'number' ? { ...sampling, seed: seedOf(seed + copy) } : sampling,
    })),
  )
}
