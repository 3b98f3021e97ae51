/**
 * Temporary files on their way to or from a window, each in a folder of its own. What an earlier process left is
 * deleted at the start, what nobody asked for in an hour later on.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { appendFile, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { v4 as uuidv4 } from 'uuid'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { pieceBytes } from '../../shared/lib/file-pieces.ts'

const unusedMs = 3_600_000

export interface Transfer {
  id: string
  /** What the person calls it. */
  name: string
  /** Exists; `path` is a file in it. */
  directory: string
  path: string
  usedAt: number
  /** Being worked on. */
  isBusy: boolean
}

export class TransferFiles {
  readonly #directory: string
  readonly #transfers = new Map<string, Transfer>()
  readonly #timer: NodeJS.Timeout

  constructor(directory: string) {
    this.#directory = directory
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    this.#timer = setInterval(() => void this.#removeUnused(), unusedMs / 6).unref()
  }

  async create(name: string): Promise<Transfer> {
    const id = uuidv4()
    const directory = join(this.#directory, id)
    await mkdir(directory, { mode: 0o700 })
    const transfer = { id, name, directory, path: join(directory, 'file'), usedAt: Date.now(), isBusy: false }
    this.#transfers.set(id, transfer)
    return transfer
  }

  /** Throws NOT_FOUND. */
  get(fileId: string): Transfer {
    const transfer = this.#transfers.get(fileId)
    if (!transfer) throw new AppFailure('NOT_FOUND', { what: 'file', id: fileId })
    transfer.usedAt = Date.now()
    return transfer
  }

  async append(fileId: string, bytes: Blob): Promise<void> {
    const { path } = this.get(fileId)
    await appendFile(path, Buffer.from(await bytes.arrayBuffer()), { mode: 0o600 })
  }

  /** At most `pieceBytes`; nothing at the end. */
  async read(fileId: string, offset: number): Promise<Blob> {
    const file = await open(this.get(fileId).path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(pieceBytes), 0, pieceBytes, offset)
      return new Blob([buffer.subarray(0, bytesRead)])
    } finally {
      await file.close()
    }
  }

  async sizeOf({ path }: Transfer): Promise<number> {
    return (await stat(path)).size
  }

  async remove(fileId: string): Promise<void> {
    const transfer = this.#transfers.get(fileId)
    if (!transfer) return
    this.#transfers.delete(fileId)
    await rm(transfer.directory, { recursive: true, force: true })
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await rm(this.#directory, { recursive: true, force: true })
  }

  async #removeUnused(): Promise<void> {
    for (const { id, usedAt, isBusy } of this.#transfers.values()) {
      if (!isBusy && Date.now() - usedAt > unusedMs) await this.remove(id)
    }
  }
}
