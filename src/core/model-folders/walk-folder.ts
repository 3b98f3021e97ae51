/**
 * Finds the GGUF files below a folder: every folder once however links lead to it, unreadable ones
 * left out, the parts of a split model together. Half files have other endings and are never seen.
 */
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { splitPart } from '../../shared/lib/split-files.ts'
import type { ModelFiles } from '../models/model-file.ts'

export interface Walk {
  models: ModelFiles[]
  /** All folders that were read. */
  folders: string[]
}

/** Files are asked for their sizes that many at a time. */
const width = 32

/** `seen` holds what was seen already, as `device:inode`. Rejects with FOLDER_UNREADABLE for `root` itself. */
export async function walkFolder(root: string, seen = new Set<string>(), signal?: AbortSignal): Promise<Walk> {
  const models: ModelFiles[] = []
  const folders: string[] = []
  const waiting = [root]
  for (let folder = waiting.pop(); folder !== undefined && !signal?.aborted; folder = waiting.pop()) {
    try {
      if (!isNew(await stat(folder), seen)) continue
      const entries = await readdir(folder, { withFileTypes: true })
      folders.push(folder)
      const names: string[] = []
      const files: ModelFiles[] = []
      for (const entry of entries) {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) waiting.push(path)
        else if (/\.gguf$/i.test(entry.name)) names.push(entry.name)
        else if (entry.isSymbolicLink() && (await isFolder(path))) waiting.push(path)
      }
      for (let i = 0; i < names.length; i += width) {
        const paths = names.slice(i, i + width).map((name) => join(folder, name))
        const found = await Promise.all(paths.map((path) => statFile(path, seen)))
        files.push(...found.filter((file) => file !== null))
      }
      models.push(...joinParts(files))
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error)
      if (folder === root) throw new AppFailure('FOLDER_UNREADABLE', { path: root, reason })
    }
  }
  return { models, folders }
}

/** The file, or the models in the folder; at least one path. Rejects with FOLDER_UNREADABLE. */
export async function modelFilesAt(path: string): Promise<string[]> {
  if (!(await isFolder(path))) return [path]
  const { models } = await walkFolder(path)
  return models.length > 0 ? models.map((model) => model.path).sort() : [path]
}

async function statFile(path: string, seen: Set<string>): Promise<ModelFiles | null> {
  const stats = await stat(path).catch(() => null)
  if (!stats?.isFile()) return null
  // Two names of one file are one model only where one of them is a link to the other.
  if (stats.nlink < 2 && !isNew(stats, seen)) return null
  return { path, sizeBytes: stats.size, modifiedAt: Math.trunc(stats.mtimeMs) }
}

function isNew({ dev, ino }: { dev: number; ino: number }, seen: Set<string>): boolean {
  const id = `${dev}:${ino}`
  if (seen.has(id)) return false
  seen.add(id)
  return true
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}

/** Of the files of one folder. A split model that lacks a part is its lowest part alone. */
function joinParts(files: ModelFiles[]): ModelFiles[] {
  const bySplit = Map.groupBy(files, ({ path }) => {
    const part = splitPart(basename(path))
    return part ? `${part.stem}/${part.count}` : path
  })
  return [...bySplit.values()].map((parts) => {
    const [first] = parts.sort((a, b) => (a.path < b.path ? -1 : 1))
    const count = splitPart(basename(first!.path))?.count ?? 1
    if (parts.length < count) return first!
    return { ...first!, sizeBytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0) }
  })
}
