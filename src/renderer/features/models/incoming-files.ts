/**
 * Files on their way into the list: dropped on the window or chosen in a dialog. Where the host can
 * see the path, the file stays where it lies; else it is sent over. One after the other, and then the
 * first that was accepted is loaded.
 */
import { create } from 'zustand'
import type { Model } from '../../../shared/contract/models.ts'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { addProblem, importPath, loadModel } from '../../lib/models-store.ts'
import { UploadFailed, uploadFile } from './upload-file.ts'

export interface IncomingFile {
  id: number
  name: string
  /** Of the sending; null while the file is being looked at, or waits for its turn. */
  fraction: number | null
  cancel: () => void
}

let lastId = 0

export const useIncomingFiles = create<{ files: IncomingFile[] }>(() => ({ files: [] }))

/** A dropped folder has nothing to read; it is told by name. */
export type Dropped = File | { folderName: string }

export async function addFiles(dropped: Dropped[]): Promise<void> {
  const entries = dropped.map((file) => ({ file, id: ++lastId, abort: new AbortController() }))
  useIncomingFiles.setState(({ files }) => ({
    files: [
      ...files,
      ...entries.map(({ file, id, abort }) => ({
        id,
        name: file instanceof File ? file.name : file.folderName,
        fraction: null,
        cancel: () => abort.abort(),
      })),
    ],
  }))

  let first: Model | null = null
  for (const { file, id, abort } of entries) {
    const model = abort.signal.aborted ? null : await addFile(file, id, abort.signal)
    first ??= model
    useIncomingFiles.setState(({ files }) => ({ files: files.filter((incoming) => incoming.id !== id) }))
  }
  if (first) await loadModel(first.id)
}

/** null when it was cancelled or refused; the person has been told why. */
async function addFile(file: Dropped, id: number, signal: AbortSignal): Promise<Model | null> {
  try {
    if (!(file instanceof File)) {
      addProblem({ failure: { code: 'FILE_IS_FOLDER', data: { path: file.folderName } } })
      return null
    }
    const path = window.yangtuo?.pathOfFile(file) || (await send(file, id, signal))
    return path && !signal.aborted ? await importPath(path) : null
  } catch (error) {
    if (signal.aborted) return null
    addProblem({ failure: error instanceof UploadFailed ? error.failure : failureOf(error) })
    return null
  }
}

async function send(file: File, id: number, signal: AbortSignal): Promise<string | null> {
  // Looked at here, so that nobody waits for gigabytes to be sent and refused.
  const magic = await file.slice(0, 4).text()
  if (magic !== 'GGUF') {
    addProblem({ failure: { code: 'NOT_GGUF', data: { path: file.name } } })
    return null
  }
  const { uploadUrl } = await client.app.capabilities()
  if (!uploadUrl) {
    addProblem({ failure: { code: 'UPLOAD_REFUSED', data: { name: file.name } } })
    return null
  }
  const report = (fraction: number) =>
    useIncomingFiles.setState(({ files }) => ({
      files: files.map((incoming) => (incoming.id === id ? { ...incoming, fraction } : incoming)),
    }))
  return uploadFile(uploadUrl, file, report, signal)
}
