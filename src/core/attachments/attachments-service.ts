/**
 * Attached texts, each kept once in a file named by its SHA-256. Invariants: a file has its name only when it is
 * whole and on the disk; it goes only when nothing in the database names it any more; and only 64 hexadecimal
 * digits ever become a part of a path.
 */
import { createHash, randomUUID } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Attachment } from '../../shared/contract/attachments.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { Log } from '../ports.ts'
import type { AttachmentsRepository } from './attachments-repository.ts'

const idPattern = /^[0-9a-f]{64}$/
const partPattern = /^[0-9a-f]{64}\.[0-9a-f-]{36}\.part$/
/** How long a new attachment is kept although nothing names it: the draft that will is saved a moment later. */
const graceMs = 60_000

export class AttachmentsService {
  readonly #repository: AttachmentsRepository
  readonly #directory: string
  readonly #log: Log
  /** When each was added last, by id; since the start. */
  readonly #addedAt = new Map<string, number>()

  constructor(repository: AttachmentsRepository, directory: string, log: Log) {
    this.#repository = repository
    this.#directory = directory
    this.#log = log
  }

  /** It is on the disk when this resolves. `name` is kept by whoever names the attachment, not here. */
  async add(name: string, text: string): Promise<Attachment> {
    const bytes = Buffer.from(text)
    const id = createHash('sha256').update(bytes).digest('hex')
    // Before it is looked for: a collection that runs now leaves it alone from here on.
    this.#addedAt.set(id, Date.now())
    if (!(await this.#has(id))) await this.#write(id, bytes)
    return { id, name, sizeBytes: bytes.length }
  }

  /** Throws NOT_FOUND. */
  async read(attachmentId: string): Promise<string> {
    const notFound = new AppFailure('NOT_FOUND', { what: 'attachment', id: attachmentId })
    if (!idPattern.test(attachmentId)) throw notFound
    try {
      return await readFile(join(this.#directory, attachmentId), 'utf8')
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? notFound : error
    }
  }

  /** Deletes what nothing in the database names. Never rejects: what cannot be deleted now is tried at the next call. */
  async collect(): Promise<void> {
    try {
      const fileNames = await readdir(this.#directory)
      const named = this.#repository.namedIds()
      for (const fileName of fileNames) {
        const addedAt = this.#addedAt.get(fileName.slice(0, 64)) ?? 0
        const isOurs = idPattern.test(fileName) || partPattern.test(fileName)
        // Synchronous, so that nothing is added between this look at `addedAt` and the deletion.
        if (isOurs && !named.has(fileName) && Date.now() - addedAt > graceMs) unlinkSync(join(this.#directory, fileName))
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      this.#log.warn('Attachments that nothing names were not deleted', { reason: String(error) })
    }
  }

  async #has(id: string): Promise<boolean> {
    return stat(join(this.#directory, id)).then(
      (stats) => stats.isFile(),
      () => false,
    )
  }

  async #write(id: string, bytes: Buffer): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    const partPath = join(this.#directory, `${id}.${randomUUID()}.part`)
    try {
      const file = await open(partPath, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(partPath, join(this.#directory, id))
    } catch (error) {
      await rm(partPath, { force: true })
      throw error
    }
    // The new name, too, must survive a loss of power. Windows cannot open a directory, and does without.
    if (process.platform === 'win32') return
    const directory = await open(this.#directory)
    await directory.sync().finally(() => directory.close())
  }
}
