/**
 * The trash of a Linux desktop, for a host that has none of its own: the one of the home folder, or of
 * the drive a file lies on. A file is only ever renamed, so even a large one is there at once and whole.
 * Format: https://specifications.freedesktop.org/trash-spec/1.0/
 */
import { lstat, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { Model } from '../../shared/contract/models.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { modelPaths } from './model-file.ts'

/** Whether `moveToTrash` works here. */
export const canMoveToTrash = process.platform === 'linux'

/** Rejects where the file, or a trash on its drive, may not be written. */
export async function moveToTrash(path: string): Promise<void> {
  const file = resolve(path)
  const { directory, infoPath } = await trashFor(file)
  await Promise.all(['files', 'info'].map((name) => mkdir(join(directory, name), { recursive: true, mode: 0o700 })))
  const name = await claimName(directory, basename(file), infoPath)
  try {
    await rename(file, join(directory, 'files', name))
  } catch (error) {
    await rm(join(directory, 'info', `${name}.trashinfo`), { force: true })
    throw error
  }
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

/** `infoPath` is what the trash notes of the file's place. */
async function trashFor(file: string): Promise<{ directory: string; infoPath: string }> {
  const { dev } = await lstat(file)
  const homeTrash = join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local/share'), 'Trash')
  await mkdir(homeTrash, { recursive: true, mode: 0o700 })
  if ((await stat(homeTrash)).dev === dev) return { directory: homeTrash, infoPath: file }
  let top = dirname(file)
  while (top !== dirname(top) && (await stat(dirname(top))).dev === dev) top = dirname(top)
  return { directory: join(top, `.Trash-${process.getuid?.() ?? 0}`), infoPath: relative(top, file) }
}

/** Writes the note of the first free name among `a.gguf`, `a.gguf 2`, … and returns the name. */
async function claimName(directory: string, fileName: string, path: string): Promise<string> {
  const now = new Date()
  const localTime = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  const note = `[Trash Info]\nPath=${encoded}\nDeletionDate=${localTime}\n`
  for (let count = 1; ; count++) {
    const name = count === 1 ? fileName : `${fileName} ${count}`
    try {
      await writeFile(join(directory, 'info', `${name}.trashinfo`), note, { flag: 'wx' })
      return name
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
