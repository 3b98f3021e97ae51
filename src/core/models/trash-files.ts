import { lstat } from 'node:fs/promises'
import type { Model } from '../../shared/contract/models.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { modelPaths } from './model-file.ts'

/** Whether `moveToTrash` works here: on macOS and Windows it would take programs that are not shipped. */
export const canMoveToTrash = process.platform === 'linux'

/** Moves a file to the trash of its drive as freedesktop.org has it. */
export async function moveToTrash(path: string): Promise<void> {
  const { default: trash } = await import('trash')
  await trash(path, { glob: false })
}

/** All files of a model, as far as they are there. Rejects with TRASH_FAILED at the first that cannot be moved. */
export async function trashAll(
  model: Pick<Model, 'path' | 'partCount'>,
  trashFile: ((path: string) => Promise<void>) | undefined,
): Promise<void> {
  for (const path of modelPaths(model)) {
    try {
      if (!trashFile) throw new Error('There is no trash here')
      if (await lstat(path).catch(() => null)) await trashFile(path)
    } catch (error) {
      throw new AppFailure('TRASH_FAILED', { path, reason: error instanceof Error ? error.message : String(error) })
    }
  }
}
