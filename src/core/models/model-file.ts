import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Model } from '../../shared/contract/models.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { allParts } from '../../shared/lib/split-files.ts'

const chunkBytes = 1024 * 1024
/** Between two chunks: hashing takes about 15 % of one core and leaves the event loop free. */
const pauseMs = 5
/** How often to look whether there is better to do than hashing. */
const waitMs = 1_000

/** All files of a model, the first part first. */
export function modelPaths({ path, partCount }: Pick<Model, 'path' | 'partCount'>): string[] {
  return partCount > 1 ? allParts(path) : [path]
}

/** The files of a model together. */
export interface ModelFiles {
  /** Of a split model: its first part. */
  path: string
  sizeBytes: number
  /** Of the (first) file, in whole ms since 1970. */
  modifiedAt: number
}

/**
 * All parts of a split model together, whichever of them is given; where one is not there, `path`
 * alone. Rejects with FILE_MISSING, FILE_IS_FOLDER or FILE_UNREADABLE.
 */
export async function statModel(path: string): Promise<ModelFiles> {
  const parts = allParts(path)
  const stats = await Promise.all(parts.map((part) => stat(part).catch(() => null)))
  if (parts.length === 1 || stats.includes(null)) return { path, ...(await statFile(path)) }
  const sizeBytes = stats.reduce((sum, part) => sum + (part?.size ?? 0), 0)
  return { path: parts[0]!, sizeBytes, modifiedAt: (await statFile(parts[0]!)).modifiedAt }
}

async function statFile(path: string): Promise<{ sizeBytes: number; modifiedAt: number }> {
  try {
    const stats = await stat(path)
    if (stats.isDirectory()) throw new AppFailure('FILE_IS_FOLDER', { path })
    await access(path, constants.R_OK)
    return { sizeBytes: stats.size, modifiedAt: Math.trunc(stats.mtimeMs) }
  } catch (error) {
    if (error instanceof AppFailure) throw error
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ENOENT' || code === 'ENOTDIR'
      ? new AppFailure('FILE_MISSING', { path })
      : new AppFailure('FILE_UNREADABLE', { path, reason: code ?? String(error) })
  }
}

/** SHA-256 of a whole file as hex, read slowly, and not at all while `isBusy()`. Rejects when `signal` aborts. */
export async function sha256InBackground(path: string, isBusy: () => boolean, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes, signal })) {
    hash.update(chunk as Buffer)
    do await sleep(isBusy() ? waitMs : pauseMs, undefined, { signal })
    while (isBusy())
  }
  return hash.digest('hex')
}
