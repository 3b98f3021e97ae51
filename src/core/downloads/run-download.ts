/**
 * One run of a download: every file of it onto the disk, one after the other, and only when all are whole and
 * compared their finished names, the first part last: what lists the folder never meets half a model.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import type { SourceId } from '../../shared/contract/hubs.ts'
import type { HubSource } from '../hubs/hub-source.ts'
import { deletePart, downloadFile, receivedBytesOf } from './download-file.ts'
import type { StoredDownload } from './downloads-repository.ts'
import { journalPath } from './part-journal.ts'
import { partPath, targetPath } from './target-path.ts'

export interface DownloadRunOptions {
  download: StoredDownload
  hubs: HubSource
  workerPath: string
  stallMs: number
  signal: AbortSignal
  /** Of all files together. */
  onProgress: (receivedBytes: number) => void
  onSource: (sourceId: SourceId) => void
  onState: (state: 'downloading' | 'verifying') => void
}

/** Resolves when all files have their names. Rejects as `downloadFile`. */
export async function runDownload(options: DownloadRunOptions): Promise<{ paths: string[]; sha256: string }> {
  const { download, hubs, workerPath, stallMs, signal, onProgress, onSource, onState } = options
  const { files, directory, sourceId, repository, revision } = download
  const paths = files.map((file) => targetPath(directory, file))
  const hashes: string[] = []
  mkdirSync(directory, { recursive: true })
  for (const [i, file] of files.entries()) {
    const part = partPath(paths[i]!)
    onState('downloading')
    const sha256 = await downloadFile({
      file,
      path: paths[i]!,
      partPath: part,
      locations: hubs.locations({ sourceId, repository, revision, path: file.path }),
      hubs,
      workerPath,
      stallMs,
      signal,
      onProgress: (bytes) => onProgress(sizeOf(files.slice(0, i)) + bytes + receivedBytes(download, i + 1)),
      onSource,
      onVerifying: () => onState('verifying'),
    })
    hashes.push(sha256)
    onProgress(sizeOf(files.slice(0, i + 1)) + receivedBytes(download, i + 1))
  }
  for (const path of paths.toReversed()) if (existsSync(partPath(path))) renameSync(partPath(path), path)
  for (const path of paths) rmSync(journalPath(partPath(path)), { force: true })
  return { paths, sha256: hashes[0]! }
}

/** What the part files hold, from the `first` file on. */
export function receivedBytes({ files, directory }: StoredDownload, first = 0): number {
  return files.slice(first).reduce((sum, file) => sum + receivedBytesOf(partPath(targetPath(directory, file))), 0)
}

export function deleteParts({ files, directory }: StoredDownload): void {
  for (const file of files) deletePart(partPath(targetPath(directory, file)))
}

function sizeOf(files: StoredDownload['files']): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
