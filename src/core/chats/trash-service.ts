/**
 * The trash of chats and folders. Nothing in it is found anywhere else, and all of it stays whole until it is
 * restored or deleted for good. A folder and what is in it go there, and come back, as one.
 */
import { setImmediate as nextTick } from 'node:timers/promises'
import type { Chat, TrashedChat } from '../../shared/contract/chats.ts'
import type { Folder } from '../../shared/contract/folders.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { FoldersService } from '../folders/folders-service.ts'
import type { ChatsService } from './chats-service.ts'
import type { TrashRepository } from './trash-repository.ts'

/** Chats deleted in one transaction: few enough not to keep the event loop. */
const deletedAtOnce = 20

export class TrashService {
  readonly #repository: TrashRepository
  readonly #chats: ChatsService
  readonly #folders: FoldersService
  readonly #onDeleted: (chatIds: string[]) => Promise<void>

  /** `onDeleted` is told of chats that are gone for good, so that their files go, too. */
  constructor(
    repository: TrashRepository,
    chats: ChatsService,
    folders: FoldersService,
    onDeleted: (chatIds: string[]) => Promise<void>,
  ) {
    this.#repository = repository
    this.#chats = chats
    this.#folders = folders
    this.#onDeleted = onDeleted
    repository.deleteEmptyFolders()
  }

  /** Newest first. */
  list(): TrashedChat[] {
    return this.#repository.list()
  }

  /** All of them or none: throws NOT_FOUND. Whoever calls this stops their answers first. */
  trash(chatIds: string[]): void {
    this.#check(chatIds, ({ isTrashed }) => !isTrashed)
    this.#repository.trashChats(chatIds)
    for (const chatId of chatIds) this.#chats.publish({ type: 'chat-trashed', chatId })
  }

  /** With the folders they were in, if those are in the trash. All of them or none: throws NOT_FOUND. */
  restore(chatIds: string[]): Chat[] {
    this.#check(chatIds, () => true)
    this.#repository.restoreChats(chatIds)
    this.#folders.announce()
    return chatIds.map((chatId) => this.#chats.announce(chatId))
  }

  /** Throws NOT_FOUND. Whoever calls this stops the answers of its chats first. */
  trashFolder(folderId: string): void {
    this.#folders.get(folderId)
    const chatIds = this.#repository.trashFolder(folderId)
    for (const chatId of chatIds) this.#chats.publish({ type: 'chat-trashed', chatId })
    this.#folders.announce()
  }

  /** Throws NOT_FOUND. */
  restoreFolder(folderId: string): Folder {
    const chatIds = this.#repository.restoreFolder(folderId)
    if (!chatIds) throw new AppFailure('NOT_FOUND', { what: 'chat-folder', id: folderId })
    this.#folders.announce()
    for (const chatId of chatIds) this.#chats.announce(chatId)
    return this.#folders.get(folderId)
  }

  /** Throws NOT_FOUND, before anything is deleted, if one is not in the trash. */
  async deleteForever(chatIds: string[]): Promise<void> {
    this.#check(chatIds, ({ isTrashed }) => isTrashed)
    for (let start = 0; start < chatIds.length; start += deletedAtOnce) {
      this.#repository.deleteChats(chatIds.slice(start, start + deletedAtOnce))
      await nextTick()
    }
    await this.#onDeleted(chatIds)
  }

  #check(chatIds: string[], isMeant: (chat: { isTrashed: boolean }) => boolean): void {
    const meant = new Set(this.#repository.existing(chatIds).filter(isMeant).map(({ id }) => id))
    const missing = chatIds.find((chatId) => !meant.has(chatId))
    if (missing !== undefined) throw new AppFailure('NOT_FOUND', { what: 'chat', id: missing })
  }
}
