/** Makes the file of an export out of its records. Runs in a thread of its own. */
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ExportFormat, ExportWords } from '../../shared/contract/interchange.ts'
import { folderPath } from '../../shared/lib/chat-values.ts'
import { fileNameOf, UniqueNames } from './file-names.ts'
import { toHtml } from './html-file.ts'
import { readLines } from './line-file.ts'
import { toMarkdown } from './markdown-file.ts'
import { attachmentsFolder, backupFormat, backupVersion, manifestName, recordsName } from './own-formats.ts'
import type { ChatRecord, InterchangeRecord, StoredFolder } from './records.ts'
import { exchangeOf, shownChat } from './shown-chat.ts'
import type { AttachmentTexts } from './shown-chat.ts'
import { toPlainText } from './text-file.ts'
import { toAlpaca, toShareGpt } from './training-data.ts'
import { toOwnJson } from './write-json.ts'
import { createArchive } from './zip-archive.ts'

export interface ExportJob {
  recordsPath: string
  attachmentsDirectory: string
  /** The file to write. */
  path: string
  /** Title of the folder, if one is exported. */
  title: string
  format: ExportFormat
  allBranches: boolean
  words: ExportWords
  chatCount: number
}

export interface BackupJob {
  recordsPath: string
  attachmentsDirectory: string
  path: string
  attachmentIds: string[]
  appVersion: string
}

type OnProgress = (fraction: number) => void

export interface ExportedFile {
  name: string
  mediaType: string
}

const endings: Record<ExportFormat, string> = {
  markdown: '.md',
  html: '.html',
  json: '.json',
  text: '.txt',
  sharegpt: '.json',
  alpaca: '.json',
}
const mediaTypes: Record<string, string> = {
  '.md': 'text/markdown',
  '.html': 'text/html',
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.zip': 'application/zip',
}

export async function writeExport(job: ExportJob, onProgress: OnProgress): Promise<ExportedFile> {
  const { format, words, path } = job
  const attachmentText = attachmentTexts(job.attachmentsDirectory)
  const records = () => recordsOf(job.recordsPath, onProgress)
  const ending = endings[format]

  if (format === 'json') await writeText(path, toOwnJson(records, attachmentText, job.allBranches))
  else if (format === 'sharegpt' || format === 'alpaca')
    await writeText(path, trainingData(records(), attachmentText, format))
  else {
    const render = { markdown: toMarkdown, html: toHtml, text: toPlainText }[format]
    const textOf = (record: ChatRecord) => render(shownChat(record), words, attachmentText)
    if (job.chatCount !== 1) {
      await writeArchive(records(), path, ending, words, textOf)
      return fileOf(job.title || 'Yangtuo', '.zip')
    }
    await writeText(path, oneChat(records(), textOf))
  }
  const title = job.chatCount === 1 ? await titleOfFirst(records()) : job.title
  const suffix = format === 'sharegpt' || format === 'alpaca' ? ` ${format}` : ''
  return fileOf(`${title || words.untitled}${suffix}`, ending)
}

function fileOf(title: string, ending: string): ExportedFile {
  return { name: `${fileNameOf(title, 'chat')}${ending}`, mediaType: mediaTypes[ending]! }
}

async function writeText(path: string, texts: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(texts), createWriteStream(path, { flush: true, mode: 0o600 }))
}

async function* oneChat(records: AsyncIterable<InterchangeRecord>, textOf: (record: ChatRecord) => string) {
  for await (const record of records) if (record.kind === 'chat') yield textOf(record)
}

async function titleOfFirst(records: AsyncIterable<InterchangeRecord>): Promise<string> {
  for await (const record of records) if (record.kind === 'chat') return record.chat.title
  return ''
}

async function* trainingData(
  records: AsyncIterable<InterchangeRecord>,
  attachmentText: AttachmentTexts,
  format: 'sharegpt' | 'alpaca',
): AsyncGenerator<string> {
  let separator = '[\n'
  for await (const record of records) {
    if (record.kind !== 'chat') continue
    const exchange = exchangeOf(shownChat(record), attachmentText)
    const value = format === 'sharegpt' ? toShareGpt(exchange) : toAlpaca(exchange)
    if (!value) continue
    yield separator + JSON.stringify(value, null, 2)
    separator = ',\n'
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

async function writeArchive(
  records: AsyncIterable<InterchangeRecord>,
  path: string,
  ending: string,
  words: ExportWords,
  textOf: (record: ChatRecord) => string,
): Promise<void> {
  const archive = createArchive(path)
  const names = new UniqueNames()
  const folders: StoredFolder[] = []
  for await (const record of records) {
    if (record.kind === 'folder') folders.push(record.folder)
    if (record.kind !== 'chat') continue
    const { folderId, title, updatedAt } = record.chat
    const folder = folderPath(folders, folderId)
      .map(({ name }) => `${fileNameOf(name, 'folder')}/`)
      .reverse()
      .join('')
    const name = names.take(folder, fileNameOf(title || words.untitled, 'chat'), ending)
    await archive.add(name, textOf(record), new Date(updatedAt))
  }
  await archive.close()
}

/** The records as they are, and the attachments they name. */
export async function writeBackup(job: BackupJob, onProgress: OnProgress): Promise<ExportedFile> {
  const madeAt = Date.now()
  const archive = createArchive(job.path)
  const manifest = { format: backupFormat, version: backupVersion, madeAt, app: job.appVersion }
  await archive.add(manifestName, `${JSON.stringify(manifest, null, 2)}\n`)
  const sizes = await Promise.all(
    [job.recordsPath, ...job.attachmentIds.map((id) => join(job.attachmentsDirectory, id))].map(sizeOf),
  )
  const totalBytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 1)
  let doneBytes = 0
  const add = (name: string, path: string) =>
    archive.add(
      name,
      createReadStream(path).on('data', (chunk) => onProgress((doneBytes += chunk.length) / totalBytes)),
    )
  for (const [index, id] of job.attachmentIds.entries()) {
    // A file that is gone is told as missing when the backup is read.
    if (sizes[index + 1] !== null) await add(attachmentsFolder + id, join(job.attachmentsDirectory, id))
  }
  await add(recordsName, job.recordsPath)
  await archive.close()
  const day = new Date(madeAt - new Date(madeAt).getTimezoneOffset() * 60_000)
    .toISOString()
    .slice(0, 16)
    .replace(/[T:]/g, '-')
  return { name: `Yangtuo ${day}.zip`, mediaType: mediaTypes['.zip']! }
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  )
}

async function* recordsOf(path: string, onProgress: OnProgress): AsyncGenerator<InterchangeRecord> {
  for await (const { value, fraction } of readLines(path)) {
    onProgress(fraction)
    yield value as InterchangeRecord
  }
}

function attachmentTexts(directory: string): AttachmentTexts {
  return (attachmentId) => {
    try {
      return readFileSync(join(directory, attachmentId), 'utf8')
    } catch {
      return null
    }
  }
}
