import { z } from 'zod'
import { keepAliveSchema, optionsSchema } from './ollama-options.ts'
import { modelField } from './request-fields.ts'

const common = { model: modelField, keep_alive: keepAliveSchema, options: optionsSchema.nullish() }

export const embedBody = z.object({
  ...common,
  input: z
    .preprocess(
      (input) => (typeof input === 'string' ? [input] : input),
      z.array(z.string(), { error: 'must be a text or a list of texts' }),
    )
    .nullish()
    .transform((texts) => (texts ?? []).filter((text, _, all) => text !== '' || all.length > 1)),
  /** The first so many of each vector, made length 1 again. */
  dimensions: z.int().min(0).nullish(),
})
export type EmbedBody = z.infer<typeof embedBody>

export const embeddingsBody = z.object({ ...common, prompt: z.string().nullish() })

export function embedAnswer(
  { model, dimensions }: EmbedBody,
  { vectors, promptTokens }: { vectors: Float32Array[]; promptTokens: number },
  totalMs: number,
): object {
  return {
    model: model ?? '',
    embeddings: vectors.map((vector) => shortened(vector, dimensions || vector.length)),
    total_duration: Math.round(totalMs * 1e6),
    load_duration: 0,
    prompt_eval_count: promptTokens,
  }
}

function shortened(vector: Float32Array, dimensions: number): number[] {
  const head = [...vector.subarray(0, dimensions)]
  if (head.length === vector.length) return head
  const length = Math.hypot(...head)
  return length === 0 ? head : head.map((value) => value / length)
}
