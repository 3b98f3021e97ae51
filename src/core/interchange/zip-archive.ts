/**
 * Zip archives on disk, read and written entry by entry. An archive of unknown origin is read within limits: what its
 * entries unpack to is counted as it comes, whatever their headers say, and no name of an entry is ever used as
 * a path of the file system.
 */
import { createWriteStream, openAsBlob } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { BlobReader, configure, ZipReader, ZipWriter } from '@zip.js/zip.js'
import type { FileEntry } from '@zip.js/zip.js'
import { ImportRefused } from './import-refused.ts'

// This is a thread of its own already.
configure({ useWebWorkers: false })

const mostEntries = 200_000
const mostNameCharacters = 2_000
/** Texts shrink to a tenth, the most repetitive ones to a hundredth. */
const mostRatio = 200
const mostBytesAtAnyRatio = 100_000_000
const mostUnpackedBytes = 8_000_000_000

export interface ArchiveEntry {
  name: string
  /** Leads out of the archive, or is encrypted: it is not to be read. */
  isRefused: boolean
  sizeBytes: number
  read: () => AsyncGenerator<Uint8Array>
}

/** Throws ImportRefused: `damaged` if it is no whole archive, `refused` if it has far too many entries. */
export async function openArchive(path: string): Promise<{ entries: ArchiveEntry[]; close: () => Promise<void> }> {
  const blob = await openAsBlob(path)
  // Names are judged below, one by one: one that is refused does not spoil the others.
  const reader = new ZipReader(new BlobReader(blob), { filenameValidation: 'tolerant' })
  const entries: ArchiveEntry[] = []
  let unpackedBytes = 0
  const limitBytes = Math.min(mostUnpackedBytes, Math.max(mostBytesAtAnyRatio, blob.size * mostRatio))

  async function* read(entry: FileEntry): AsyncGenerator<Uint8Array> {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const unpacked = entry.getData(writable)
    // A failure does not always reach the stream, which would then never end.
    const failed = unpacked.then(() => new Promise<never>(() => {}))
    failed.catch(() => {})
    const chunks = readable.getReader()
    try {
      while (true) {
        const { done, value } = await Promise.race([chunks.read(), failed])
        if (done) break
        unpackedBytes += value.length
        if (unpackedBytes > limitBytes) throw new ImportRefused('refused')
        yield value
      }
      await unpacked
    } finally {
      chunks.cancel().catch(() => {})
    }
  }

  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entries.length === mostEntries) throw new ImportRefused('refused')
      if (entry.directory) continue
      const name = entry.filename.replaceAll('\\', '/')
      entries.push({
        name,
        isRefused: leadsOut(name) || entry.encrypted || entry.symlink,
        sizeBytes: entry.uncompressedSize,
        read: () => read(entry),
      })
    }
  } catch (error) {
    throw error instanceof ImportRefused ? error : new ImportRefused('damaged', { cause: error })
  }
  return { entries, close: () => reader.close() }
}

function leadsOut(name: string): boolean {
  return (
    name.length > mostNameCharacters ||
    /^\/|^[a-z]:/i.test(name) ||
    name.split('/').includes('..') ||
    name.includes('\0')
  )
}

/** Writes to `path`; entries in the order of the calls. `close` resolves when all of it is on disk. */
export function createArchive(path: string) {
  const file = createWriteStream(path, { flush: true, mode: 0o600 })
  const writer = new ZipWriter(Writable.toWeb(file) as WritableStream, { level: 6, useUnicodeFileNames: true })
  return {
    async add(name: string, content: string | Readable, modifiedAt = new Date()): Promise<void> {
      const stream = typeof content === 'string' ? Readable.from([Buffer.from(content)]) : content
      await writer.add(name, Readable.toWeb(stream) as unknown as ReadableStream, { lastModDate: modifiedAt })
    },
    async close(): Promise<void> {
      await writer.close()
    },
  }
}
