/** Where a download is written. Invariant: nothing that a hub says leads out of the models folder. */
import { rmdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { HubFile } from '../../shared/contract/hubs.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { isSafePath } from '../hubs/hub-names.ts'

/** Windows opens a device for these, with any ending. */
const reservedName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i
/** File systems take 255 bytes, or 255 UTF-16 units, and a part file's name is longer by an ending. */
const maxNameBytes = 240

/**
 * `<models folder>/<publisher>/<repository>[/<folder in it>]`, the folder for all files of one download.
 * Throws HUB_FAILED for names that are not a GGUF file's or could lead elsewhere.
 */
export function targetDirectory(modelsDirectory: string, repository: string, files: HubFile[]): string {
  for (const { path } of files) {
    const whole = `${repository}/${path}`
    if (!isSafePath(whole) || !whole.split('/').every(isPossibleName) || !/\.gguf$/i.test(path)) {
      throw new AppFailure('HUB_FAILED', { host: repository, detail: `unusable file name ${JSON.stringify(path)}` })
    }
  }
  return join(modelsDirectory, repository, dirname(files[0]!.path))
}

/** The finished file in the folder that `targetDirectory` gave. */
export function targetPath(directory: string, file: HubFile): string {
  return join(directory, basename(file.path))
}

/** Beside the finished file, so that it becomes that by a rename. */
export const partPath = (path: string) => `${path}.part`

/** The repository's and publisher's folders, if nothing is left in them. */
export function removeEmptyFolders(directory: string, modelsDirectory: string): void {
  if (directory === modelsDirectory || !directory.startsWith(modelsDirectory)) return
  try {
    rmdirSync(directory)
  } catch {
    return
  }
  removeEmptyFolders(dirname(directory), modelsDirectory)
}

function isPossibleName(name: string): boolean {
  return !reservedName.test(name) && Buffer.byteLength(name) <= maxNameBytes
}
