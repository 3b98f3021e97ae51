/**
 * Chats to files and back. Files are made and read by a thread of their own; between it and the database stands a file
 * of records, so that neither a large file nor a large database is ever in memory as a whole. What an import takes in
 * is what its preview read.
 */
import { join } from 'node:path'
import type { z } from 'zod'
import type {
  exportEventSchema,
  ExportFormat,
  ExportWords,
  ImportPreview,
  ImportResult,
} from '../../shared/contract/interchange.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { folderPath } from '../../shared/lib/chat-values.ts'
import { listDataCopies, removeOldDataCopies } from './data-copies.ts'
import { gatherRecords } from './gather-records.ts'
import type { InterchangeJob, ReadResult } from './interchange-messages.ts'
import { readLines } from './line-file.ts'
import type { InterchangeRecord } from './records.ts'
import { runWorker } from './run-worker.ts'
import { TakeIn } from './take-in.ts'
import type { TakeInParts } from './take-in.ts'
import { TransferFiles } from './transfer-files.ts'
import type { Transfer } from './transfer-files.ts'
import type { ExportedFile } from './write-export.ts'

const mostItems = 1000

type ExportEvent = z.infer<typeof exportEventSchema>
type Progress = { type: 'progress'; fraction: number }

export interface InterchangeOptions extends TakeInParts {
  dataDirectory: string
  attachmentsDirectory: string
  databasePath: string
  workerPath: string
  appVersion: string
}

export interface ExportInput {
  of: { chatIds: string[] } | { folderId: string }
  format: ExportFormat
  allBranches: boolean
  words: ExportWords
}

export class InterchangeService {
  readonly transfers: TransferFiles
  readonly #options: InterchangeOptions
  /** What previews found, by file. */
  readonly #read = new Map<string, ReadResult>()
  readonly #closing = new AbortController()

  constructor(options: InterchangeOptions) {
    this.#options = options
    this.transfers = new TransferFiles(join(options.dataDirectory, 'transfers'))
  }

  /** Removes all but the newest copies of the data. */
  start(): void {
    removeOldDataCopies(this.#options.databasePath).catch(() => {})
  }

  /** Throws NOT_FOUND, for each of the chats. */
  async *export({ of, format, allBranches, words }: ExportInput, signal?: AbortSignal): AsyncGenerator<ExportEvent> {
    const { chats, folders, repository } = this.#options
    const all = folders.list()
    const chatIds = 'chatIds' in of ? of.chatIds : folders.chatsIn(of.folderId)
    const title = 'folderId' in of ? folders.get(of.folderId).name : ''
    const lying = chatIds.map((chatId) => chats.get(chatId).folderId)
    const named =
      'folderId' in of ? all.filter(({ id }) => folderPath(all, id).some(({ id }) => id === of.folderId)) : []
    const used = new Set([...lying.flatMap((folderId) => folderPath(all, folderId)), ...named])
    // Of a folder, what lies above it is nobody's business.
    const kept = [...used].filter(
      ({ id }) => !('folderId' in of) || folderPath(all, id).some(({ id }) => id === of.folderId),
    )
    const records = inOrder(kept).map((folder): InterchangeRecord => {
      const parentId = kept.some(({ id }) => id === folder.parentId) ? folder.parentId : null
      return { kind: 'folder', folder: { ...folder, parentId, trashedAt: null } }
    })
    yield* this.#make(
      records,
      chatIds,
      (chatId) => repository.chat(chatId),
      signal,
      (transfer, recordsPath) => ({
        task: 'export',
        job: {
          recordsPath,
          attachmentsDirectory: this.#options.attachmentsDirectory,
          path: transfer.path,
          title,
          format,
          allBranches,
          words,
          chatCount: chatIds.length,
        },
      }),
    )
  }

  async *backup(signal?: AbortSignal): AsyncGenerator<ExportEvent> {
    const { repository, presets, settings, attachmentsDirectory, appVersion } = this.#options
    const records: InterchangeRecord[] = [
      { kind: 'settings', settings: settings.get() },
      ...presets
        .list()
        .flatMap((preset): InterchangeRecord[] =>
          preset.isBuiltIn ? [] : [{ kind: 'preset', preset: { ...preset, isBuiltIn: false } }],
        ),
      ...inOrder(repository.folders()).map((folder): InterchangeRecord => ({ kind: 'folder', folder })),
      ...repository.promptVersions().map((version): InterchangeRecord => ({ kind: 'prompt-version', version })),
    ]
    const find = (chatId: string) => repository.chat(chatId)
    yield* this.#make(records, repository.chatIds(), find, signal, (transfer, recordsPath, attachmentIds) => ({
      task: 'backup',
      job: { recordsPath, attachmentsDirectory, path: transfer.path, attachmentIds, appVersion },
    }))
  }

  async *#make(
    records: InterchangeRecord[],
    chatIds: string[],
    chat: (chatId: string) => ReturnType<TakeInParts['repository']['chat']>,
    signal: AbortSignal | undefined,
    jobOf: (transfer: Transfer, recordsPath: string, attachmentIds: string[]) => InterchangeJob,
  ): AsyncGenerator<ExportEvent> {
    const transfer = await this.transfers.create('')
    let file: ExportedFile | null = null
    try {
      transfer.isBusy = true
      const recordsPath = join(transfer.directory, 'records.jsonl')
      const attachmentIds = new Set<string>()
      const messages = (chatId: string) => this.#options.chatsRepository.messages(chatId)
      const gathered = gatherRecords(recordsPath, records, chatIds, { chat, messages }, (id) => attachmentIds.add(id))
      for await (const fraction of gathered) {
        signal?.throwIfAborted()
        yield { type: 'progress', fraction: fraction * 0.3 }
      }
      for await (const event of this.#run(jobOf(transfer, recordsPath, [...attachmentIds]), signal)) {
        if (event.type === 'progress') yield { type: 'progress', fraction: 0.3 + event.fraction * 0.7 }
        else if (event.type === 'exported') file = event.file
      }
      if (!file) throw new Error('The thread ended without a file')
      const sizeBytes = await this.transfers.sizeOf(transfer)
      transfer.isBusy = false
      yield { type: 'file', file: { ...file, fileId: transfer.id, sizeBytes, chatCount: chatIds.length } }
    } finally {
      if (transfer.isBusy) await this.transfers.remove(transfer.id)
    }
  }

  /** Throws NOT_FOUND, IMPORT_UNREADABLE. */
  async *preview(
    fileId: string,
    signal?: AbortSignal,
  ): AsyncGenerator<Progress | { type: 'preview'; preview: ImportPreview }> {
    const transfer = this.transfers.get(fileId)
    const directory = join(transfer.directory, 'read')
    const { name, path } = transfer
    transfer.isBusy = true
    try {
      let read: ReadResult | null = null
      for await (const event of this.#run({ task: 'read', job: { path, name, directory } }, signal)) {
        if (event.type === 'progress') yield { type: 'progress', fraction: event.fraction * 0.9 }
        else if (event.type === 'read') read = event.result
        else if (event.type === 'refused') throw new AppFailure('IMPORT_UNREADABLE', { name, reason: event.reason })
      }
      if (!read) throw new Error('The thread ended without a result')
      this.#read.set(fileId, read)
      yield { type: 'preview', preview: await this.#look(transfer, read) }
    } finally {
      transfer.isBusy = false
    }
  }

  async #look(transfer: Transfer, read: ReadResult): Promise<ImportPreview> {
    const takeIn = this.#takeIn(transfer, read, false)
    const counts = { new: 0, present: 0, changed: 0, same: 0, messages: 0, folders: 0, presets: 0 }
    const items: ImportPreview['items'] = []
    for await (const { value } of readLines(recordsPathOf(transfer))) {
      const record = value as InterchangeRecord
      if (record.kind === 'folder') counts.folders++
      if (record.kind === 'preset') counts.presets++
      if (record.kind !== 'chat') continue
      const state = takeIn.look(record)
      const { title, createdAt } = record.chat
      counts[state]++
      counts.messages += record.messages.length
      if (items.length < mostItems) items.push({ title, messageCount: record.messages.length, createdAt, state })
    }
    const { format, madeAt, problems, problemCount, attachmentCount } = read
    return { format, madeAt, counts: { ...counts, attachments: attachmentCount }, items, problems, problemCount }
  }

  /** Throws NOT_FOUND if the file is gone, or was not looked at. */
  async *import(
    fileId: string,
    present: 'skip' | 'copy',
    signal?: AbortSignal,
  ): AsyncGenerator<Progress | { type: 'result'; result: ImportResult }> {
    const transfer = this.transfers.get(fileId)
    const read = this.#read.get(fileId)
    if (!read) throw new AppFailure('NOT_FOUND', { what: 'file', id: fileId })
    const takeIn = this.#takeIn(transfer, read, present === 'copy')
    transfer.isBusy = true
    try {
      let toldAt = 0
      for await (const { value, fraction } of readLines(recordsPathOf(transfer))) {
        if (signal?.aborted || this.#closing.signal.aborted) break
        await takeIn.take(value as InterchangeRecord)
        if (performance.now() - toldAt > 100) {
          toldAt = performance.now()
          yield { type: 'progress', fraction }
        }
      }
      yield { type: 'result', result: { ...takeIn.result, problems: read.problems } }
    } finally {
      transfer.isBusy = false
    }
  }

  /** Newest first. */
  dataCopies() {
    return listDataCopies(this.#options.databasePath)
  }

  async removeTransfer(fileId: string): Promise<void> {
    this.#read.delete(fileId)
    await this.transfers.remove(fileId)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.transfers.close()
  }

  #run(job: InterchangeJob, signal: AbortSignal | undefined) {
    const either = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal
    return runWorker(this.#options.workerPath, job, either)
  }

  #takeIn({ directory }: Transfer, { format }: ReadResult, copyPresent: boolean): TakeIn {
    const attachmentsDirectory = join(directory, 'read', 'attachments')
    return new TakeIn(this.#options, { isBackup: format === 'yangtuo-backup', copyPresent, attachmentsDirectory })
  }
}

function recordsPathOf({ directory }: Transfer): string {
  return join(directory, 'read', 'records.jsonl')
}

/** Those above before those below. */
function inOrder<F extends { id: string; parentId: string | null }>(folders: readonly F[]): F[] {
  return folders.toSorted((a, b) => folderPath(folders, a.id).length - folderPath(folders, b.id).length)
}
