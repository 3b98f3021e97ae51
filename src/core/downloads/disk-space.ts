import { existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppFailure } from '../../shared/lib/app-failure.ts'

/** What other downloads are still going to write, and where. */
export interface Reservation {
  directory: string
  neededBytes: number
}

/**
 * Throws NOT_ENOUGH_SPACE unless `neededBytes` are free where `directory` is, or will be, besides what running
 * downloads still need on the same disk. That is the whole reservation: what others write may still fill the disk.
 */
export async function checkSpace(directory: string, neededBytes: number, reserved: Reservation[]): Promise<void> {
  const { bavail, bsize } = await statfs(existingFolder(directory))
  const disk = diskOf(directory)
  const reservedBytes = reserved
    .filter((other) => diskOf(other.directory) === disk)
    .reduce((sum, other) => sum + other.neededBytes, 0)
  const availableBytes = Math.max(0, bavail * bsize - reservedBytes)
  if (neededBytes <= availableBytes) return
  throw new AppFailure('NOT_ENOUGH_SPACE', { path: directory, neededBytes, availableBytes })
}

function diskOf(directory: string): number {
  return statSync(existingFolder(directory)).dev
}

function existingFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingFolder(dirname(path))
}
