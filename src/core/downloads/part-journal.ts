/**
 * What of a part file is safe, in a small file beside it. Invariant: a range is written here only after the
 * part file was flushed with it, so what the journal says survives a kill and a loss of power, and what it
 * does not say is fetched again. The journal itself is replaced by a rename, never changed in place.
 */
import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { z } from 'zod'

const rangeSchema = z
  .object({ start: z.number().int().min(0), end: z.number().int() })
  .refine(({ start, end }) => start < end)

const journalSchema = z.object({
  sizeBytes: z.number(),
  /** What the hub promises; null: it does not say. */
  sha256: z.string().nullable(),
  /** The version of the bytes at each source they came from. */
  etags: z.record(z.string(), z.string()),
  ranges: z.array(rangeSchema),
  /** Of the whole file, once it is whole and has been compared. */
  verifiedSha256: z.string().nullable(),
})
export type PartJournal = z.infer<typeof journalSchema>

export const journalPath = (partPath: string) => `${partPath}.json`
export const newJournalPath = (partPath: string) => `${partPath}.json.new`

/** null if there is none, or none that makes sense. */
export function readJournal(partPath: string): PartJournal | null {
  try {
    const journal = journalSchema.parse(JSON.parse(readFileSync(journalPath(partPath), 'utf8')))
    return journal.ranges.every(({ end }) => end <= journal.sizeBytes) ? journal : null
  } catch {
    return null
  }
}

/** Flushed when it resolves. */
export async function writeJournal(partPath: string, journal: PartJournal): Promise<void> {
  const file = await open(newJournalPath(partPath), 'w')
  try {
    await file.writeFile(JSON.stringify(journal))
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(newJournalPath(partPath), journalPath(partPath))
}
