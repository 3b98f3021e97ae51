/** A request to `/v1/completions`, taken apart. */
import { z } from 'zod'
import type { InferenceRequest } from '../../../shared/contract/inference.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { commonFields, requestsOf } from './common-fields.ts'

/** Of several texts, each is continued. */
const prompts = z.preprocess(
  (prompt) => (typeof prompt === 'string' ? [prompt] : prompt),
  z
    .array(z.string({ error: 'must be a text; numbers of tokens are not supported' }), {
      error: 'must be a text or a list of texts',
    })
    .min(1)
    .max(2048),
)

export const completionBody = z.object({
  ...commonFields,
  prompt: prompts,
  suffix: z.string().nullish(),
  echo: z.boolean().nullish(),
  best_of: z.int().nullish(),
  /** false, as some clients say it, is none. */
  logprobs: z.preprocess((value) => (value === false ? null : value), z.int().min(0).max(20).nullish()),
})

/** How the answers are to be written. */
export interface CompletionForm {
  answersPerPrompt: number
  showsLogprobs: boolean
  /** What stands before each answer; empty without `echo`. */
  echoes: string[]
}

/** Throws REQUEST_INVALID where fields contradict each other. */
export function readCompletionRequest(body: z.infer<typeof completionBody>): {
  requests: InferenceRequest[]
  form: CompletionForm
} {
  const answersPerPrompt = body.n ?? 1
  if (body.best_of && body.best_of > answersPerPrompt) {
    throw new AppFailure('REQUEST_INVALID', { field: 'best_of', detail: 'must not be more than n' })
  }
  const topLogprobs = body.logprobs ?? null
  if (body.echo && topLogprobs !== null) {
    throw new AppFailure('REQUEST_INVALID', { field: 'logprobs', detail: 'cannot go with echo, the prompt has none' })
  }
  const suffix = body.suffix ?? ''
  const requests = requestsOf(
    body,
    body.prompt.map((text) => ({ type: 'text', text, suffix })),
    { topLogprobs, splitsReasoning: false },
  )
  const echoes = requests.map(({ prompt }) => (body.echo && prompt.type === 'text' ? prompt.text : ''))
  return { requests, form: { answersPerPrompt, showsLogprobs: topLogprobs !== null, echoes } }
}
