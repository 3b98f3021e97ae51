/** What lies in `resources/catalog`: the contract's entries, and the shapes their files have. */
import { z } from 'zod'
import { catalogEntrySchema } from '../../shared/contract/catalog.ts'

/** Of a llama-architecture model: all that its memory depends on besides the quantization. */
export const modelShapeSchema = z.object({
  layers: z.number().int(),
  width: z.number().int(),
  feedForwardWidth: z.number().int(),
  heads: z.number().int(),
  /** Heads that hold keys and values. */
  kvHeads: z.number().int(),
  vocabularySize: z.number().int(),
})
export type ModelShape = z.infer<typeof modelShapeSchema>

export const shapesSchema = z.record(z.string(), modelShapeSchema)

/** `shape` names one of shapes.json; null for entries without files. */
export const storedEntrySchema = catalogEntrySchema.extend({ shape: z.string().nullable() }).strict()
export type StoredEntry = z.infer<typeof storedEntrySchema>
