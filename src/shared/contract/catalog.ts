/** The curated list of the family's models that ships with the app (`resources/catalog/`). Works without a network. */
import { oc } from '@orpc/contract'
import { z } from 'zod'

/** A text in both languages. */
const bilingual = z.object({ zh: z.string(), en: z.string() })

export const catalogFileSchema = z.object({
  /** In the GGUF repository. */
  name: z.string(),
  quantization: z.string(),
  isImatrix: z.boolean(),
  /** Decimal, as the hubs show it; rounded to three digits where only that was published. */
  sizeBytes: z.number(),
  bitsPerWeight: z.number(),
  /** As published for this file; null = not published. */
  perplexity: z.number().nullable(),
  sha256: z.string().nullable(),
  /** Whether the file was seen on the hub, named by the model's card, or follows the naming of its siblings. */
  certainty: z.enum(['seen', 'card', 'inferred']),
})
export type CatalogFile = z.infer<typeof catalogFileSchema>

export const catalogEntrySchema = z.object({
  id: z.string(),
  name: z.string(),
  family: z.enum(['chinese-llama-alpaca', 'chinese-llama-alpaca-2', 'chinese-llama-alpaca-3', 'llama3-chinese-chat', 'reference']),
  kind: z.enum(['chat', 'base', 'lora', 'multimodal']),
  /** What it is, in a sentence or two. */
  description: bilingual,
  /** In thousand millions; null = not published. */
  parametersB: z.number().nullable(),
  license: bilingual,
  /** A name of `templateFamilies`, or null where it is not known or it is a base model. */
  template: z.string().nullable(),
  contextSize: z.number().int().nullable(),
  /** How far and by what it can be stretched; null = nothing published. */
  extendedContext: z.object({ sizeTokens: z.number().int(), note: bilingual }).nullable(),
  /** Published scores, such as C-Eval 5-shot. */
  scores: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string(), source: z.string() })),
  /** What can be done with it today, and what cannot, where it is no GGUF file to load. */
  limits: bilingual.nullable(),
  /** `publisher/repository` on each hub. */
  repositories: z.object({
    gguf: z.object({ huggingFace: z.string().nullable(), modelScope: z.string().nullable() }),
    full: z.object({ huggingFace: z.string().nullable(), modelScope: z.string().nullable() }),
    lora: z.object({ huggingFace: z.string().nullable(), modelScope: z.string().nullable() }),
  }),
  /** Other pages about it. */
  links: z.array(z.string()),
  files: z.array(catalogFileSchema),
  /** What its project advises people to take. */
  isRecommended: z.boolean(),
})
export type CatalogEntry = z.infer<typeof catalogEntrySchema>

/** Published measurements of one model at every quantization. */
export const quantizationTableSchema = z.object({
  model: z.string(),
  /** Where it was published, and on what machine the speeds were measured. */
  source: z.string(),
  machine: z.string(),
  rows: z.array(
    z.object({
      quantization: z.string(),
      sizeBytes: z.number(),
      bitsPerWeight: z.number(),
      perplexity: z.number(),
      promptMsPerToken: z.number(),
      answerMsPerToken: z.number(),
    }),
  ),
})
export type QuantizationTable = z.infer<typeof quantizationTableSchema>

export const catalog = {
  list: oc.output(z.array(catalogEntrySchema)),
  quantizations: oc.output(quantizationTableSchema),
  /** The file to take on this machine as the settings say (`settings.quantization`); null if none fits or there is none. */
  recommend: oc.input(z.object({ entryId: z.string() })).output(z.object({ fileName: z.string() }).nullable()),
  /** The model to suggest to someone who has none: the best recommended chat model that fits; null if none does. */
  suggestion: oc.output(
    z.object({ entryId: z.string(), fileName: z.string(), expectedTokensPerSecond: z.number().nullable() }).nullable(),
  ),
}
