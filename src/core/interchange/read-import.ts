/**
 * Turns a file that a person wants to import into records. What the file is, its content says, never its name. Runs in
 * a thread of its own; nothing existing is looked at or changed here.
 */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { ImportRefused } from './import-refused.ts'
import type { ImportTarget } from './import-target.ts'
import { fromMarkdown, isOurMarkdown } from './markdown-file.ts'
import { recordsName } from './own-formats.ts'
import { readBackup } from './read-backup.ts'
import { readJson } from './read-json.ts'
import { openArchive } from './zip-archive.ts'
import type { ArchiveEntry } from './zip-archive.ts'

const mostMarkdownBytes = 100_000_000
const beginningBytes = 65_536

/** `onProgress` hears of fractions. Throws ImportRefused where nothing at all can be made of the file. */
export async function readImport(
  path: string,
  name: string,
  target: ImportTarget,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const { size } = await stat(path)
  if (size === 0) throw new ImportRefused('empty')
  const beginning = await beginningOf(path)
  if (
    beginning.subarray(0, 4).equals(Buffer.from('PK\x03\x04')) ||
    beginning.subarray(0, 4).equals(Buffer.from('PK\x05\x06'))
  ) {
    await readArchive(path, target, onProgress)
  } else {
    const chunks = chunksOf(path, size, onProgress)
    await readOne(target, { name, folder: [], beginning, sizeBytes: size, chunks })
  }
  if (target.recordCount === 0 && target.format === null) {
    const isJson = /^\uFEFF?\s*[[{]/.test(beginning.toString('utf8'))
    throw new ImportRefused(isJson && target.problemCount > 0 ? 'damaged' : 'unknown')
  }
}

interface OneFile {
  name: string
  folder: readonly string[]
  beginning: Buffer
  sizeBytes: number
  chunks: AsyncIterable<Uint8Array>
}

async function readOne(target: ImportTarget, { name, folder, beginning, sizeBytes, chunks }: OneFile): Promise<void> {
  const text = beginning.toString('utf8')
  if (isOurMarkdown(text)) {
    if (sizeBytes > mostMarkdownBytes) return target.report({ name, code: 'too-large', count: 1 })
    const read = fromMarkdown(await textOf(chunks))
    if (read) addMarkdown(target, folder, read)
  } else if (/^\uFEFF?\s*[[{]/.test(text)) await readJson(target, { name, folder, chunks, isLines: isJsonLines(text) })
}

function addMarkdown(
  target: ImportTarget,
  folder: readonly string[],
  read: NonNullable<ReturnType<typeof fromMarkdown>>,
): void {
  const { chat, attachments } = read
  for (const { messageIndex, name, text } of attachments) {
    const node = chat.nodes[messageIndex]
    if (node) (node.attachments ??= []).push({ name, ...target.attachment(text) })
  }
  target.addForeign('yangtuo-markdown', { ...chat, folderId: target.folder('yangtuo-markdown', folder) })
}

/** One object on the first line, another on the second. */
function isJsonLines(beginning: string): boolean {
  const [first, second] = beginning.replace(/^\uFEFF?\s*/, '').split('\n', 2)
  if (!second?.startsWith('{')) return false
  try {
    return typeof JSON.parse(first!) === 'object'
  } catch {
    return false
  }
}

async function readArchive(path: string, target: ImportTarget, onProgress: (fraction: number) => void): Promise<void> {
  const archive = await openArchive(path)
  try {
    const refused = archive.entries.filter(({ isRefused }) => isRefused)
    const entries = archive.entries.filter(({ isRefused }) => !isRefused)
    if (entries.some(({ name }) => name === recordsName)) {
      for (const { name } of refused) target.report({ name, code: 'entry-refused', count: 1 })
      return await readBackup(entries, target, onProgress)
    }
    if (
      entries.some(({ name }) => /(^|\/)IndexedDB\//.test(name)) &&
      !entries.some(({ name }) => name === 'data.json')
    ) {
      throw new ImportRefused('raw-database')
    }
    const wanted = entries.filter(
      ({ name }) => /\.(json|jsonl|md|markdown)$/i.test(name) && !/(^|\/)(__MACOSX|\.[^/]*)\//.test(name),
    )
    const totalBytes = wanted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 1)
    let doneBytes = 0
    for (const entry of wanted) {
      await readEntry(target, entry, foldersOf(entry.name, wanted.length))
      onProgress(Math.min(1, (doneBytes += entry.sizeBytes) / totalBytes))
    }
    for (const { name } of refused) target.report({ name, code: 'entry-refused', count: 1 })
  } finally {
    await archive.close()
  }
}

/** Where several files lie in folders, so do their chats. */
function foldersOf(name: string, fileCount: number): string[] {
  return fileCount > 1 ? name.split('/').slice(0, -1).filter(Boolean) : []
}

async function readEntry(target: ImportTarget, entry: ArchiveEntry, folder: string[]): Promise<void> {
  const name = entry.name.split('/').at(-1)!
  try {
    const { beginning, chunks } = await peeked(entry.read())
    await readOne(target, { name, folder, beginning, sizeBytes: entry.sizeBytes, chunks })
  } catch (error) {
    if (error instanceof ImportRefused && error.reason === 'refused') throw error
    target.report({ name, code: 'damaged', count: 1 })
  }
}

/** The first bytes, and all of them. */
async function peeked(chunks: AsyncGenerator<Uint8Array>) {
  const first: Uint8Array[] = []
  let bytes = 0
  while (bytes < beginningBytes) {
    const next = await chunks.next()
    if (next.done) break
    first.push(next.value)
    bytes += next.value.length
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first
    yield* chunks
  }
  return { beginning: Buffer.concat(first).subarray(0, beginningBytes), chunks: all() }
}

async function beginningOf(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(beginningBytes), 0, beginningBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The file is opened when the first is asked for. */
async function* chunksOf(
  path: string,
  totalBytes: number,
  onProgress: (fraction: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1_000_000 }) as AsyncIterable<Buffer>) {
    yield chunk
    onProgress((bytes += chunk.length) / totalBytes)
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    // Headers of archives may lie about sizes.
    if ((bytes += chunk.length) > mostMarkdownBytes) throw new ImportRefused('too-large')
    all.push(chunk)
  }
  return Buffer.concat(all).toString('utf8')
}
