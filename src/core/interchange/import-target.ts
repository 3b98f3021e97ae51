/**
 * Where a reader puts what it finds: records in a file of lines, texts of attachments in files beside it, and a list
 * of what could not be read. Folders come before what lies in them.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mostAttachmentBytes } from '../../shared/lib/attachment-limits.ts'
import type { ImportFormat, ImportProblem } from '../../shared/contract/interchange.ts'
import { derivedId } from './derived-id.ts'
import { recordOf } from './foreign-chat.ts'
import type { ForeignChat } from './foreign-chat.ts'
import { LineWriter } from './line-file.ts'
import type { ChatRecord, InterchangeRecord } from './records.ts'

const mostProblems = 1000

export class ImportTarget {
  readonly attachmentsDirectory: string
  /** Of the chats; the first that was recognised. */
  format: ImportFormat | null = null
  madeAt: number | null = null
  recordCount = 0
  readonly problems: ImportProblem[] = []
  problemCount = 0
  readonly #lines: LineWriter
  readonly #attachmentIds = new Set<string>()
  readonly #folderIds = new Map<string, string>()

  /** `directory` is empty. */
  constructor(directory: string) {
    this.attachmentsDirectory = join(directory, 'attachments')
    mkdirSync(this.attachmentsDirectory, { recursive: true })
    this.#lines = new LineWriter(join(directory, 'records.jsonl'))
  }

  add(record: InterchangeRecord): void {
    this.#lines.write(record)
    this.recordCount++
  }

  /** A chat of another app. Returns what became of it; null = it has no messages. */
  addForeign(format: ImportFormat, foreign: ForeignChat): ChatRecord | null {
    this.format ??= format
    const { record, problems } = recordOf(format, foreign)
    for (const problem of problems) this.report(problem)
    if (record) this.add(record)
    return record
  }

  /** The folder of this path (names from the top), added when it is named first; null = no folder. */
  folder(format: ImportFormat, path: readonly string[], systemPrompt: string | null = null): string | null {
    const key = JSON.stringify(path)
    const name = path.at(-1)?.trim()
    if (!name) return null
    const known = this.#folderIds.get(key)
    if (known) return known
    const parentId = this.folder(format, path.slice(0, -1))
    const id = derivedId(0, this.#folderIds.size, format, 'folder', key)
    this.#folderIds.set(key, id)
    const now = Date.now()
    this.add({
      kind: 'folder',
      folder: {
        id,
        parentId,
        name: [...name].slice(0, 200).join(''),
        position: this.#folderIds.size,
        systemPrompt: systemPrompt || null,
        sampling: {},
        presetId: null,
        modelId: null,
        createdAt: now,
        updatedAt: now,
        trashedAt: null,
      },
    })
    return id
  }

  /** Returns its id. */
  attachment(text: string): { id: string; sizeBytes: number } {
    const bytes = Buffer.from(text).subarray(0, mostAttachmentBytes)
    const id = createHash('sha256').update(bytes).digest('hex')
    if (!this.#attachmentIds.has(id)) writeFileSync(join(this.attachmentsDirectory, id), bytes, { mode: 0o600 })
    this.#attachmentIds.add(id)
    return { id, sizeBytes: bytes.length }
  }

  get attachmentCount(): number {
    return this.#attachmentIds.size
  }

  report(problem: ImportProblem): void {
    this.problemCount++
    if (this.problems.length < mostProblems) this.problems.push({ ...problem, name: problem.name.slice(0, 300) })
  }

  close(): void {
    this.#lines.close()
  }
}
