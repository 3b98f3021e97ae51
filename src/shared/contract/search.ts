/** Search over all chats that are not in the trash: titles and the texts of all branches. */
import { oc } from '@orpc/contract'
import { z } from 'zod'

/** Start and end (UTF-16 units, end excluded) of a hit in a text. */
const rangeSchema = z.tuple([z.number().int(), z.number().int()])

export const searchHitSchema = z.object({
  chatId: z.string(),
  chatTitle: z.string(),
  /** Where the query stands in the title. */
  titleRanges: z.array(rangeSchema),
  /** null = only the title was hit. */
  message: z
    .object({
      id: z.string(),
      role: z.enum(['user', 'assistant']),
      /** Some text round the first hit, on one line. */
      excerpt: z.string(),
      ranges: z.array(rangeSchema),
      createdAt: z.number(),
    })
    .nullable(),
})
export type SearchHit = z.infer<typeof searchHitSchema>

export const search = {
  /**
   * Texts that contain the query as it stands, whatever its length: capital and small letters and the widths
   * of letters (`Ａ`, `A`) are the same. Of words with spaces between them, each must be found. Titles first,
   * then messages, newest first. An empty query finds nothing.
   */
  find: oc
    .input(z.object({ query: z.string().max(500), limit: z.number().int().min(1).max(500).default(100) }))
    .output(z.object({ hits: z.array(searchHitSchema), hasMore: z.boolean() })),
}
