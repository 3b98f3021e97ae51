/** The copies of the database that migrations make before they change it (database/migrate.ts). */
import { readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { DataCopy } from '../../shared/contract/interchange.ts'

const keptCopies = 3

/** Newest first. */
export async function listDataCopies(databasePath: string): Promise<DataCopy[]> {
  const directory = dirname(databasePath)
  const beginning = `${basename(databasePath)}.before-`
  const names = (await readdir(directory)).filter(
    (name) => name.startsWith(beginning) && /^\d+$/.test(name.slice(beginning.length)),
  )
  const copies = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name)
      const { size, mtimeMs } = await stat(path)
      return { name, path, sizeBytes: size, madeAt: Math.round(mtimeMs) }
    }),
  )
  return copies.sort((a, b) => b.madeAt - a.madeAt)
}

/** All but the newest few. */
export async function removeOldDataCopies(databasePath: string): Promise<void> {
  for (const { path } of (await listDataCopies(databasePath)).slice(keptCopies)) await rm(path, { force: true })
}
