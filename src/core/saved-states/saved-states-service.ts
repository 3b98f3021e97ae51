/**
 * The KV states of chats on disk. Engines write and read the files; here is decided where they lie and how much
 * they take together: the longest unused go first, and the disk keeps some room. A row without its file, or a file
 * without its row, never outlives a start, and nothing is kept of a chat that is gone.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Runtime } from '../../shared/contract/models.ts'
import type { LoadRequest, SavedState, StatePlace } from '../../shared/engine/messages.ts'
import type { ChatStates } from '../engine/engine-supervisor.ts'
import type { Log } from '../ports.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import type { SavedStatesRepository } from './saved-states-repository.ts'
import { stateKeys } from './state-keys.ts'

const bytesPerGb = 1e9
/** What a disk keeps free. */
const roomBytes = 2e9

interface SavedStatesOptions {
  repository: SavedStatesRepository
  /** Created when it is needed. Only states are in it. */
  directory: string
  settings: SettingsService
  /** null until it is known. */
  findModelHash: (path: string) => string | null
  log: Log
}

export class SavedStatesService implements ChatStates {
  readonly #options: SavedStatesOptions
  readonly #closing = new AbortController()
  /** Deletions under way. */
  #deleting: Promise<unknown> = Promise.resolve()

  constructor(options: SavedStatesOptions) {
    this.#options = options
  }

  /** Removes what an earlier end left over, and keeps to the quota from then on. */
  start(): void {
    void this.#inTurn(() => this.#tidy())
    void this.#followSettings()
  }

  /** When what is too much is gone. */
  async usage(): Promise<{ bytes: number; chats: number }> {
    await this.#inTurn(() => this.#keepToQuota())
    return this.#options.repository.usage()
  }

  /** Resolves when the files are gone. */
  async clear(): Promise<void> {
    await this.forget(this.#options.repository.list().map(({ chatId }) => chatId))
  }

  /** To be called when chats are gone for good. */
  async forget(chatIds: string[]): Promise<void> {
    await this.#inTurn(async () => {
      for (const chatId of chatIds) await this.#delete(chatId)
    })
  }

  async placeOf(chatId: string, request: LoadRequest, runtime: Runtime): Promise<StatePlace | undefined> {
    const { directory, findModelHash, repository, log } = this.#options
    if (this.#quotaBytes === 0) return undefined
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const keys = await stateKeys(request, runtime, findModelHash(request.path))
      const { bavail, bsize } = await statfs(directory)
      const maxBytes = Math.min(this.#quotaBytes, bavail * bsize - roomBytes)
      const row = repository.find(chatId)
      const isThere = row !== null && (await this.#isThere(chatId, row.sizeBytes))
      if (row && !isThere) await this.forget([chatId])
      if (isThere) repository.touch(chatId, Date.now())
      return { chatId, path: this.#pathOf(chatId), keys, isSaved: isThere && keys.includes(row.key), maxBytes }
    } catch (error) {
      log.warn('The KV state of a chat is not kept', { chatId, reason: String(error) })
      return undefined
    }
  }

  saved({ chatId, path, key, tokens, sizeBytes }: SavedState): void {
    const { repository, log } = this.#options
    let isKnown = false
    try {
      isKnown = repository.save({ chatId, key, tokens, sizeBytes, usedAt: Date.now() })
    } catch (error) {
      log.warn('The KV state of a chat was not noted', { chatId, reason: String(error) })
    }
    void this.#inTurn(async () => {
      if (!isKnown) await rm(path, { force: true })
      await this.#keepToQuota()
    })
  }

  /** To be called after the engines have ended. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#deleting
  }

  get #quotaBytes(): number {
    return (this.#options.settings.get().savedStatesGb ?? 0) * bytesPerGb
  }

  /** Ids that were imported may be anything. */
  #pathOf(chatId: string): string {
    const name = createHash('sha256').update(chatId).digest('hex').slice(0, 32)
    return join(this.#options.directory, `${name}.state`)
  }

  async #isThere(chatId: string, sizeBytes: number): Promise<boolean> {
    const found = await stat(this.#pathOf(chatId)).catch(() => null)
    return found?.size === sizeBytes
  }

  async #delete(chatId: string): Promise<void> {
    this.#options.repository.delete(chatId)
    await rm(this.#pathOf(chatId), { force: true })
  }

  async #keepToQuota(): Promise<void> {
    let { bytes } = this.#options.repository.usage()
    for (const { chatId, sizeBytes } of this.#options.repository.list()) {
      if (bytes <= this.#quotaBytes) return
      await this.#delete(chatId)
      bytes -= sizeBytes
    }
  }

  async #tidy(): Promise<void> {
    const { directory, repository } = this.#options
    const expected = new Set<string>()
    for (const { chatId, sizeBytes } of repository.list()) {
      if (await this.#isThere(chatId, sizeBytes)) expected.add(this.#pathOf(chatId))
      else await this.#delete(chatId)
    }
    for (const name of await readdir(directory).catch(() => [])) {
      const path = join(directory, name)
      if (!expected.has(path)) await rm(path, { force: true })
    }
    await this.#keepToQuota()
  }

  async #followSettings(): Promise<void> {
    let quotaBytes = this.#quotaBytes
    for await (const _ of this.#options.settings.watch(this.#closing.signal)) {
      if (this.#quotaBytes < quotaBytes) void this.#inTurn(() => this.#keepToQuota())
      quotaBytes = this.#quotaBytes
    }
  }

  /** One after the other. What fails is tried again at the next start. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#deleting.then(work).catch((error: unknown) => {
      this.#options.log.warn('The saved states could not be tidied', { reason: String(error) })
    })
    this.#deleting = done
    return done
  }
}
