/** `/v1/embeddings`: the request, and the answer. */
import { z } from 'zod'
import { AppFailure } from '../../../shared/lib/app-failure.ts'

export const embeddingsBody = z.object({
  model: z.string().nullish(),
  input: z.preprocess(
    (input) => (typeof input === 'string' ? [input] : input),
    z
      .array(z.string({ error: 'must be a text; numbers of tokens are not supported' }).min(1), {
        error: 'must be a text or a list of texts',
      })
      .min(1)
      .max(2048),
  ),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().nullish(),
  ttl: z.number().positive().nullish(),
})

/** Throws REQUEST_INVALID where the model's vectors have other dimensions than the request wants. */
export function embeddingsAnswer(
  { vectors, model, promptTokens }: { vectors: Float32Array[]; model: string; promptTokens: number },
  body: z.infer<typeof embeddingsBody>,
): object {
  const dimensions = vectors[0]!.length
  if (dimensions !== (body.dimensions ?? dimensions)) {
    throw new AppFailure('REQUEST_INVALID', { field: 'dimensions', detail: `must be ${dimensions} for this model` })
  }
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: body.encoding_format === 'base64' ? base64(vector) : [...vector],
    })),
    model,
    usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
  }
}

/** The numbers as 32-bit floats, the least significant byte first. */
function base64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4)
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4))
  return bytes.toString('base64')
}
