/**
 * Fetches one file into its part file, from one location after another. Runs in a worker thread and writes
 * synchronously: what was received is with the system before more is read, so memory stays flat at any speed.
 *
 * No space is set aside on disk: Node has no fallocate, and a truncated file is sparse. Instead running
 * downloads count what they still need against what is free (`disk-space.ts`).
 */
import { closeSync, constants, fdatasync, fstatSync, openSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import type { FileLocation } from '../hubs/hub-source.ts'
import { ByteRanges } from './byte-ranges.ts'
import { HashThread } from './hash-thread.ts'
import { DiskError, LocationFetch } from './location-fetch.ts'
import { writeJournal } from './part-journal.ts'
import type { TransferEnd, TransferJob } from './transfer-messages.ts'

/** What a kill may cost at most. Flushing often also leaves little to wait for at the end. */
const checkpoint = { ms: 2_000, bytes: 64 * 2 ** 20 }
const progressMs = 250
const flush = promisify(fdatasync)

export class FileTransfer {
  readonly #job: TransferJob
  readonly #file: number
  readonly #received: ByteRanges
  readonly #hash: HashThread
  readonly #timers: NodeJS.Timeout[]
  /** What the journal says. */
  #safeBytes: number
  #saving: Promise<void> = Promise.resolve()
  #isSaving = false
  #fetch: LocationFetch | null = null

  /** `tell` is given what has been received, four times a second. */
  constructor(job: TransferJob, workerPath: string, tell: (receivedBytes: number) => void) {
    this.#job = job
    this.#file = openSync(job.partPath, constants.O_RDWR | constants.O_CREAT, 0o644)
    const partBytes = fstatSync(this.#file).size
    this.#received = new ByteRanges(job.journal.ranges.filter(({ end }) => end <= partBytes))
    this.#safeBytes = this.#received.totalBytes
    this.#hash = new HashThread(workerPath, job.partPath, job.journal.sizeBytes)
    this.#hash.advance(this.#received.runEnd(0))
    this.#timers = [
      setInterval(() => tell(this.#received.totalBytes), progressMs),
      setInterval(() => this.#saveInBackground(), checkpoint.ms),
    ]
  }

  /** Ends when the file is whole, or when this location does not serve any more. `etag` is noted with what comes. */
  async fetch(location: FileLocation, etag: string | null): Promise<TransferEnd> {
    const { journal, stallMs } = this.#job
    if (etag !== null) journal.etags[location.sourceId] = etag
    const write = (bytes: Buffer, offset: number) => this.#write(bytes, offset)
    const file = { sizeBytes: journal.sizeBytes, received: this.#received, write }
    this.#fetch = new LocationFetch(location, file, stallMs)
    const end = await this.#fetch.ended
    try {
      await this.#save()
      return end ?? { type: 'whole', sha256: await this.#hash.sha256 }
    } catch (error) {
      return diskEnd(error)
    }
  }

  /** What is there is flushed and noted. */
  async close(): Promise<void> {
    this.#fetch?.end({ type: 'network', url: '', reason: 'ECANCELED' })
    this.#timers.forEach(clearInterval)
    // A full disk: the journal of before stays true.
    await this.#save().catch(() => {})
    await this.#hash.close()
    closeSync(this.#file)
  }

  #write(bytes: Buffer, offset: number): void {
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#file, bytes, written, bytes.length - written, offset + written)
      }
    } catch (error) {
      throw new DiskError(error)
    }
    this.#received.add({ start: offset, end: offset + bytes.length })
    this.#hash.advance(this.#received.runEnd(0))
    if (this.#received.totalBytes - this.#safeBytes > checkpoint.bytes) this.#saveInBackground()
  }

  #saveInBackground(): void {
    if (this.#isSaving) return
    this.#isSaving = true
    this.#save()
      .catch((error) => this.#fetch?.end(diskEnd(error)))
      .finally(() => (this.#isSaving = false))
  }

  /** One after another, and never of bytes that were written after the flush began. */
  #save(): Promise<void> {
    this.#saving = this.#saving
      .catch(() => {})
      .then(async () => {
        const ranges = this.#received.toArray()
        const bytes = this.#received.totalBytes
        if (bytes === this.#safeBytes) return
        await flush(this.#file)
        await writeJournal(this.#job.partPath, { ...this.#job.journal, ranges })
        this.#safeBytes = bytes
      })
    return this.#saving
  }
}

function diskEnd(error: unknown): TransferEnd {
  const { code, message } = new DiskError(error)
  return { type: 'disk', code, message }
}
