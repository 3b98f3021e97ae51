/**
 * Brings a model's files into the models folder by moving, copying or linking them. Invariants: no
 * file is ever replaced; a file has its name only when it is whole; when it fails (a full disk),
 * nothing is left in the models folder and everything is where it was.
 */
import { constants } from 'node:fs'
import {
  copyFile,
  link,
  lstat,
  mkdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  symlink,
  unlink,
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppFailure } from '../../shared/lib/app-failure.ts'

const noHardLink = ['EXDEV', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK']

export type Placing = 'move' | 'copy' | 'link'

/**
 * Into `directory`, or `directory (2)`, … where a file of that name lies there already; returns the
 * new paths. Rejects with DISK_FULL or FILE_UNREADABLE.
 */
export async function placeFiles(paths: string[], directory: string, how: Placing): Promise<string[]> {
  const undo: (() => Promise<unknown>)[] = []
  try {
    const target = await freeDirectory(paths, directory)
    const created = await mkdir(target, { recursive: true })
    if (created !== undefined) undo.push(() => removeEmpty(target, created))
    if (how === 'copy') await checkSpace(paths, target)
    for (const path of paths) undo.push(await place(path, join(target, basename(path)), how))
    return paths.map((path) => join(target, basename(path)))
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => {})
    if (error instanceof AppFailure) throw error
    const { code = String(error) } = error as NodeJS.ErrnoException
    throw code === 'ENOSPC' || code === 'EDQUOT'
      ? new AppFailure('DISK_FULL', { path: directory })
      : new AppFailure('FILE_UNREADABLE', { path: paths[0]!, reason: code })
  }
}

/** Resolves with what undoes it. */
async function place(source: string, target: string, how: Placing): Promise<() => Promise<unknown>> {
  if (how === 'copy') {
    await copyWhole(source, target)
    return () => rm(target)
  }
  if (how === 'link') {
    const real = await realpath(source)
    await orElse(link(real, target), () => symlink(real, target))
    return () => rm(target)
  }
  if ((await lstat(source)).isSymbolicLink()) {
    const real = await realpath(source)
    await symlink(real, target)
    await unlink(source)
    return () => symlink(real, source).then(() => rm(target))
  }
  // Unlike a rename, a link never replaces a file. Not every file system has it.
  await orElse(link(source, target), () => copyWhole(source, target))
  await unlink(source).catch(async (error: unknown) => {
    await rm(target)
    throw error
  })
  return () => orElse(link(target, source), () => copyWhole(target, source)).then(() => rm(target))
}

async function copyWhole(source: string, target: string): Promise<void> {
  const part = `${target}.part`
  try {
    await copyFile(source, part, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    await orElse(
      link(part, target).then(() => unlink(part)),
      () => rename(part, target),
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(part, { force: true })
    throw error
  }
}

/** The other way where the file system has no hard links, or the other file is on another one. */
async function orElse(first: Promise<unknown>, other: () => Promise<unknown>): Promise<void> {
  try {
    await first
  } catch (error) {
    if (!noHardLink.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    await other()
  }
}

async function freeDirectory(paths: string[], directory: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? directory : `${directory} (${count})`
    const names = paths.flatMap((path) => [join(candidate, basename(path)), `${join(candidate, basename(path))}.part`])
    const taken = await Promise.all(names.map((name) => lstat(name).then(() => true, () => false)))
    if (!taken.includes(true)) return candidate
  }
}

async function checkSpace(paths: string[], directory: string): Promise<void> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size))
  const disk = await statfs(directory)
  const needed = sizes.reduce((sum, size) => sum + size, 0)
  if (needed > disk.bavail * disk.bsize) throw new AppFailure('DISK_FULL', { path: directory })
}

/** Removes `directory` and the ones above it, up to `last`, that were made for it. */
async function removeEmpty(directory: string, last: string): Promise<void> {
  for (let path = directory; path.length >= last.length; path = dirname(path)) await rmdir(path)
}
