/** What core and a download's worker thread say to each other. One worker fetches one file. */
import type { FileLocation } from '../hubs/hub-source.ts'
import type { PartJournal } from './part-journal.ts'

export interface TransferJob {
  partPath: string
  /** As it is on disk, or a new one without ranges. */
  journal: PartJournal
  /** A connection on which nothing comes for so long is given up. */
  stallMs: number
}

/** What a worker is started with: to fetch a file, or to hash one that is whole or still growing. */
export type WorkerJob = { task: 'transfer'; job: TransferJob } | { task: 'hash'; path: string; sizeBytes: number }

export type TransferRequest =
  /** Fetches what is missing from there. Answered by one `ended`. */
  | { type: 'fetch'; location: FileLocation; etag: string | null }
  /** Flushes and notes what is there; then the worker ends. */
  | { type: 'stop' }

export type TransferEvent =
  /** Four times a second. */
  | { type: 'progress'; receivedBytes: number }
  | { type: 'ended'; end: TransferEnd }

export type TransferEnd =
  /** All bytes are on disk, flushed; this is their SHA-256. */
  | { type: 'whole'; sha256: string }
  /** An answer without the bytes. */
  | { type: 'refused'; url: string; status: number; headers: Record<string, string> }
  | { type: 'network'; url: string; reason: string }
  | { type: 'not-understood'; url: string; detail: string }
  | { type: 'stalled'; url: string }
  /** Size or version are not what the transfer began with. */
  | { type: 'changed' }
  /** Writing failed; `code` is the system's, such as ENOSPC. */
  | { type: 'disk'; code: string; message: string }

/** To the hashing worker: so many bytes from the start of the file may be read now. */
export interface HashRequest {
  availableBytes: number
}
/** From the hashing worker, when all are read. */
export interface HashResult {
  sha256: string
}
