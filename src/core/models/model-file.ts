import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppFailure } from '../../shared/lib/app-failure.ts'

const chunkBytes = 1024 * 1024
/** Between two chunks: hashing takes about 15 % of one core and leaves the event loop free. */
const pauseMs = 5
/** How often to look whether there is better to do than hashing. */
const waitMs = 1_000

/**
 * Size, and time of modification in whole ms since 1970. Throws FILE_MISSING, FILE_IS_FOLDER, or
 * FILE_UNREADABLE.
 */
export async function statModelFile(path: string): Promise<{ sizeBytes: number; modifiedAt: number }> {
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
