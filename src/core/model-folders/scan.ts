/**
 * One scan of one folder: compares what lies there with what is known, has new and changed files
 * looked at, several at a time, and saves in batches. Files that were looked at before cost one
 * `stat` each.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ModelSource } from '../../shared/contract/models.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { statModel } from '../models/model-file.ts'
import type { ModelLibrary, SeenModel } from '../models/model-library.ts'
import type { KnownFile } from '../models/models-repository.ts'
import { findModels, type FoundFile } from './find-models.ts'
import { isInside } from './is-inside.ts'
import type { ModelFoldersRepository, RefusedFile, StoredFolder } from './model-folders-repository.ts'

/** Saving takes a flush of the disk, so many go together; a person who waits sees the first ones soon. */
const batchSize = 50
const batchMs = 300
/** Compared before the event loop turns. */
const filesPerTurn = 250

export interface ScanOptions {
  folder: StoredFolder
  library: ModelLibrary
  repository: ModelFoldersRepository
  /** Looks at that many files at the same time. */
  width: number
  signal: AbortSignal
  /** After every batch. */
  onProgress: () => void
}

/** Returns the folders in which a change may mean other models. Rejects with FOLDER_UNREADABLE. */
export async function scanFolder({ folder, library, repository, width, signal, onProgress }: ScanOptions) {
  const { models, folders } = await findModels(folder, signal)
  signal.throwIfAborted()
  const known = new Map<string, KnownFile>()
  for await (const file of library.knownFiles()) known.set(file.path, file)
  const refused = new Map(repository.refusedIn(folder.id).map((file) => [file.path, file]))
  const foldersOn = new Set(repository.list().flatMap(({ id, isOn }) => (isOn ? id : [])))
  const unread: FoundFile[] = []
  const returned: string[] = []
  const found = new Map<string, FoundFile>()
  for (const [index, file] of models.entries()) {
    if (index % filesPerTurn === 0) await nextTurn()
    found.set(file.path, file)
    const before = known.get(file.path)
    const isElsewhere = before?.folderId && before.folderId !== folder.id && !foldersOn.has(before.folderId)
    if (before && isSame(before, file) && !isElsewhere) {
      if (!before.isPresent) returned.push(before.id)
    } else if (!isSame(refused.get(file.path), file)) unread.push(file)
  }
  const isRefusedNow = (path: string) => {
    const file = found.get(path)
    return file !== undefined && !isSame(known.get(path), file)
  }
  repository.deleteRefused([...refused.keys()].filter((path) => !isRefusedNow(path)))
  if (returned.length > 0) library.setPresent(returned, true)
  const gone = [...known.values()].filter(
    ({ path, folderId, isPresent }) =>
      isPresent && !found.has(path) && (folderId === folder.id || (folderId === null && isInside(path, folder.path))),
  )
  const missing = await Promise.all(gone.map(async ({ id, path }) => ((await isThere(path)) ? [] : [id])))
  signal.throwIfAborted()
  if (missing.flat().length > 0) library.setPresent(missing.flat(), false)
  onProgress()

  const source: ModelSource = folder.kind === 'own' || folder.kind === 'watched' ? 'folder' : folder.kind
  const seen: SeenModel[] = []
  const refusals: RefusedFile[] = []
  let savedAt = performance.now()
  const flush = () => {
    signal.throwIfAborted()
    savedAt = performance.now()
    if (seen.length > 0) {
      const saved = library.save(seen.splice(0))
      repository.deleteRefused(saved.map(({ path }) => path).filter((path) => refused.has(path)))
    }
    if (refusals.length > 0) repository.saveRefused(folder.id, refusals.splice(0))
    onProgress()
  }
  const lookAtNext = async (): Promise<void> => {
    for (let file = unread.shift(); file !== undefined; file = unread.shift()) {
      const { path, sizeBytes, modifiedAt, ...place } = file
      try {
        seen.push(await library.look({ path, source, folderId: folder.id, ...place }))
      } catch (error) {
        if (!(error instanceof AppFailure)) throw error
        refusals.push({ path, sizeBytes, modifiedAt, failure: error.toFailure() })
      }
      if (seen.length + refusals.length >= batchSize || performance.now() - savedAt > batchMs) flush()
    }
  }
  await Promise.all(Array.from({ length: width }, lookAtNext))
  flush()
  return folders
}

interface FileState {
  sizeBytes: number
  modifiedAt: number
}

function isSame(before: FileState | undefined, now: FileState): boolean {
  return before?.sizeBytes === now.sizeBytes && before.modifiedAt === now.modifiedAt
}

/** A file that was opened by hand may lie here under a name that a scan does not look for. */
async function isThere(path: string): Promise<boolean> {
  return statModel(path).then(
    () => true,
    () => false,
  )
}
