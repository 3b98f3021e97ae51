/**
 * Brings one file of a download onto the disk, as its part file, whole and compared with the promised
 * SHA-256. Invariant: bytes of two versions never meet in one part file. Each place is asked for the file's
 * state before bytes are taken from it; another place than the first one serves only the very same bytes.
 */
import { rmSync, statSync } from 'node:fs'
import type { HubFile, SourceId } from '../../shared/contract/hubs.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { FileLocation, HubSource, RemoteFileState } from '../hubs/hub-source.ts'
import { failureOfAll } from '../hubs/hub-requests.ts'
import { ByteRanges } from './byte-ranges.ts'
import { HashThread } from './hash-thread.ts'
import { journalPath, newJournalPath, type PartJournal, readJournal, writeJournal } from './part-journal.ts'
import { FileChanged, failureOfEnd } from './transfer-failure.ts'
import { TransferThread } from './transfer-thread.ts'

export interface FileDownload {
  file: HubFile
  /** Of the finished file. */
  path: string
  partPath: string
  /** The best first. */
  locations: FileLocation[]
  hubs: Pick<HubSource, 'fileState' | 'failureOf'>
  workerPath: string
  stallMs: number
  signal: AbortSignal
  onProgress: (receivedBytes: number) => void
  onSource: (sourceId: SourceId) => void
  /** All bytes are there, or a file of that name was found: now it is hashed. */
  onVerifying: () => void
}

/** What came of a part file; nothing without a journal. */
export function receivedBytesOf(partPath: string): number {
  const partBytes = sizeOf(partPath) ?? 0
  const ranges = readJournal(partPath)?.ranges ?? []
  return new ByteRanges(ranges.filter(({ end }) => end <= partBytes)).totalBytes
}

export function deletePart(partPath: string): void {
  for (const path of [partPath, journalPath(partPath), newJournalPath(partPath)]) rmSync(path, { force: true })
}

/**
 * Resolves with the SHA-256 when the file is whole: as the part file, or, if it is there already with the
 * promised hash, as the finished one. Rejects with a code, with FileChanged, or with the signal's reason.
 */
export async function downloadFile(download: FileDownload): Promise<string> {
  const { file, path, partPath, signal } = download
  const noted = matchingJournal(download)
  const isWhole = (sizeOf(partPath) ?? sizeOf(path)) === file.sizeBytes
  if (noted.verifiedSha256 !== null && isWhole) return noted.verifiedSha256
  if (file.sha256 !== null && sizeOf(path) === file.sizeBytes) {
    download.onVerifying()
    if ((await hashOf(download)) === file.sha256) {
      deletePart(partPath)
      return file.sha256
    }
  }
  const journal: PartJournal = { ...noted, verifiedSha256: null }
  if (sizeOf(partPath) === undefined) journal.ranges = []
  const job = { partPath, journal, stallMs: download.stallMs }
  const thread = new TransferThread(download.workerPath, job, (receivedBytes) => {
    download.onProgress(receivedBytes)
    if (receivedBytes === file.sizeBytes) download.onVerifying()
  })
  let closed: Promise<void> | null = null
  const close = () => (closed ??= thread.close())
  const onAbort = () => void close()
  signal.addEventListener('abort', onAbort)
  try {
    const sha256 = await fetchFromAny(download, thread, journal)
    await close()
    if (file.sha256 !== null && sha256 !== file.sha256) {
      deletePart(partPath)
      throw new AppFailure('CHECKSUM_MISMATCH', { fileName: file.path, expected: file.sha256, actual: sha256 })
    }
    await writeJournal(partPath, {
      ...journal,
      ranges: [{ start: 0, end: file.sizeBytes }],
      verifiedSha256: sha256,
    })
    return sha256
  } catch (error) {
    await close()
    if (error instanceof FileChanged) deletePart(partPath)
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Each place in turn, and all of them again while one of them brought anything. */
async function fetchFromAny(download: FileDownload, thread: TransferThread, journal: PartJournal): Promise<string> {
  const { locations, partPath, hubs, signal } = download
  for (;;) {
    const before = receivedBytesOf(partPath)
    const failures: AppFailure[] = []
    for (const [i, location] of locations.entries()) {
      try {
        const state = await hubs.fileState(location, signal)
        if (!isSameVersion(download.file, journal, location, state, i === 0)) continue
        download.onSource(location.sourceId)
        const end = await thread.fetch(location, state.etag)
        signal.throwIfAborted()
        if (end.type === 'whole') return end.sha256
        throw failureOfEnd(end, download.file, location, hubs)
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof AppFailure) || ['FILE_CHANGED', 'DISK_FULL'].includes(error.code)) throw error
        failures.push(error)
      }
    }
    // What the place that was chosen says is what a person can act upon.
    if (receivedBytesOf(partPath) <= before) throw failureOfAll(failures)
  }
}

/** Throws FileChanged if the first place has another version now; other places may have another one. */
function isSameVersion(
  file: HubFile,
  journal: PartJournal,
  { sourceId }: FileLocation,
  state: RemoteFileState,
  isFirst: boolean,
): boolean {
  const hasSameSize = state.sizeBytes === file.sizeBytes
  const hasSameHash = state.sha256 !== null && state.sha256 === file.sha256
  if (!isFirst) return hasSameSize && hasSameHash
  const etag = journal.etags[sourceId]
  const isOther =
    state.sha256 !== null && file.sha256 !== null
      ? !hasSameHash
      : etag !== undefined && state.etag !== null && etag !== state.etag
  if (!hasSameSize || isOther) throw new FileChanged(file.path, state)
  return true
}

/** The journal of the part file if it is of this version; else both are deleted and a new one begins. */
function matchingJournal({ file: { sizeBytes, sha256 }, partPath }: FileDownload): PartJournal {
  const journal = readJournal(partPath)
  if (journal?.sizeBytes === sizeBytes && journal.sha256 === sha256) return journal
  deletePart(partPath)
  return { sizeBytes, sha256, etags: {}, ranges: [], verifiedSha256: null }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size
}

async function hashOf({ path, file, workerPath, signal }: FileDownload): Promise<string> {
  const thread = new HashThread(workerPath, path, file.sizeBytes)
  const close = () => void thread.close()
  signal.addEventListener('abort', close)
  try {
    thread.advance(file.sizeBytes)
    return await thread.sha256
  } finally {
    signal.removeEventListener('abort', close)
    signal.throwIfAborted()
  }
}
