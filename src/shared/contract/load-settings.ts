/**
 * How a model is loaded. Every value has a default that leaves the choice to the app, so what is
 * stored for a model holds only what a person changed. A change counts at the next load.
 */
import { z } from 'zod'
import { kvCacheTypes, templateFamilies } from '../lib/load-setting-values.ts'

export const templateChoiceSchema = z.discriminatedUnion('type', [
  /** The file's own, else the family's that the vocabulary gives away. */
  z.object({ type: z.literal('automatic') }),
  z.object({ type: z.literal('family'), family: z.enum(templateFamilies) }),
  z.object({ type: z.literal('jinja'), source: z.string().min(1).max(200_000) }),
])
export type TemplateChoice = z.infer<typeof templateChoiceSchema>

/**
 * `file` leaves what the file says. The other methods take their numbers from here; null = by the
 * published formulas for the context length (shared/lib/rope.ts). `ntk` changes the base and keeps
 * the file's own linear factor.
 */
export const ropeSchema = z.object({
  method: z.enum(['file', 'none', 'linear', 'ntk', 'yarn']),
  /** Positions are divided by it (`linear`, `yarn`). */
  factor: z.number().min(1).max(1024).nullable(),
  /** Of the frequencies (`ntk`, but any method may set it). */
  base: z.number().min(1).max(1e9).nullable(),
  /** The context before it was stretched, in tokens (`yarn`). */
  originalContextSize: z.number().int().min(1).max(10_000_000).nullable(),
})
export type Rope = z.infer<typeof ropeSchema>

export const draftSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  /** Looks for the last words earlier in the prompt and proposes what followed them there. */
  z.object({ type: z.literal('lookup') }),
  z.object({
    type: z.literal('model'),
    modelId: z.string(),
    /** How many tokens it proposes at a time, at least and at most. */
    minTokens: z.number().int().min(1).max(16),
    maxTokens: z.number().int().min(1).max(32),
    /** 0 to 1; below it the draft stops proposing. */
    minConfidence: z.number().min(0).max(1),
  }),
])
export type Draft = z.infer<typeof draftSchema>

export const loadSettingsSchema = z.object({
  /** In tokens; null = the training context, cut to 8192 and to what fits in memory. */
  contextSize: z.number().int().min(64).max(10_000_000).nullable(),
  /** Layers on the graphics card; null = as many as fit. */
  gpuLayers: z.number().int().min(0).max(1000).nullable(),
  /** null = the app's setting. */
  threads: z.number().int().min(1).max(256).nullable(),
  /** Tokens of the prompt that are read at once; null = 512. */
  batchSize: z.number().int().min(1).max(16_384).nullable(),
  flashAttention: z.enum(['auto', 'on', 'off']),
  kvCacheKeyType: z.enum(kvCacheTypes),
  kvCacheValueType: z.enum(kvCacheTypes),
  /** Maps the file instead of reading it. */
  useMmap: z.boolean(),
  /** Keeps the model in memory and out of the swap file. */
  useMlock: z.boolean(),
  /** Answers made at the same time; each has a context of its own. null = as many as are of use and fit in memory. */
  slots: z.number().int().min(1).max(16).nullable(),
  template: templateChoiceSchema,
  /** End an answer besides those of the template; they are not shown. */
  stopTexts: z.array(z.string().min(1).max(200)).max(16),
  /** How words are cut before they become tokens, such as `llama-bpe`; null = as the file says. */
  preTokenizer: z.string().min(1).max(100).nullable(),
  rope: ropeSchema,
  /** LoRA adapters: models of the type `adapter`. */
  adapters: z.array(z.object({ modelId: z.string(), scale: z.number().min(-10).max(10) })).max(8),
  draft: draftSchema,
})
export type LoadSettings = z.infer<typeof loadSettingsSchema>

/** What a person changed; the rest is by default. */
export const loadOverridesSchema = loadSettingsSchema.partial()
export type LoadOverrides = z.infer<typeof loadOverridesSchema>
