/** Folders of chats, as a tree. Invariant: no folder lies in itself, and none that is shown lies in one in the trash. */
import { v7 as uuidv7 } from 'uuid'
import type { Folder } from '../../shared/contract/folders.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { folderPath } from '../../shared/lib/chat-values.ts'
import type { ChatsService } from '../chats/chats-service.ts'
import { EventStream } from '../event-stream.ts'
import type { FolderChanges, FoldersRepository } from './folders-repository.ts'

/** What a person can change of a folder. */
export type FolderEdits = Omit<FolderChanges, 'updatedAt'>

export class FoldersService {
  readonly #repository: FoldersRepository
  readonly #chats: ChatsService
  readonly #events = new EventStream<Folder[]>()

  constructor(repository: FoldersRepository, chats: ChatsService) {
    this.#repository = repository
    this.#chats = chats
  }

  watch(signal?: AbortSignal) {
    return this.#events.watch(this.list(), signal)
  }

  /** All that are not in the trash. */
  list(): Folder[] {
    return this.#repository.list()
  }

  /** Throws NOT_FOUND, also for a folder in the trash. */
  get(folderId: string): Folder {
    const folder = this.#repository.find(folderId)
    if (!folder) throw new AppFailure('NOT_FOUND', { what: 'chat-folder', id: folderId })
    return folder
  }

  /** It comes last among the folders of its parent. Throws NOT_FOUND. */
  create(name: string, parentId: string | null): Folder {
    if (parentId !== null) this.get(parentId)
    const now = Date.now()
    const folder: Folder = {
      id: uuidv7(),
      parentId,
      name,
      position: this.#lastPosition(parentId),
      systemPrompt: null,
      sampling: {},
      presetId: null,
      modelId: null,
      createdAt: now,
      updatedAt: now,
    }
    this.#repository.insert(folder)
    this.announce()
    return folder
  }

  /** Moved without a position it comes last. Throws NOT_FOUND, FOLDER_INSIDE_ITSELF. */
  update(folderId: string, edits: FolderEdits): Folder {
    const folder = this.get(folderId)
    const { parentId } = edits
    const isMoved = parentId !== undefined && parentId !== folder.parentId
    if (isMoved && parentId !== null) {
      this.get(parentId)
      if (folderPath(this.list(), parentId).some(({ id }) => id === folderId)) {
        throw new AppFailure('FOLDER_INSIDE_ITSELF', {})
      }
    }
    const position = edits.position ?? (isMoved ? this.#lastPosition(parentId) : undefined)
    this.#repository.update(folderId, { ...edits, position, updatedAt: Date.now() })
    this.announce()
    return this.get(folderId)
  }

  /** The model of new chats in a folder: the folder's, or that of the nearest above it; null = none says one. */
  modelIdFor(folderId: string | null): string | null {
    return folderPath(this.list(), folderId).find(({ modelId }) => modelId !== null)?.modelId ?? null
  }

  /** Chats in this folder and all below it. */
  chatsIn(folderId: string): string[] {
    return this.#repository.chatsIn(folderId)
  }

  /** Puts all of the chats into a folder (null = out of all folders), or none: throws NOT_FOUND. */
  moveChats(chatIds: string[], folderId: string | null): void {
    if (folderId !== null) this.get(folderId)
    for (const chatId of chatIds) this.#chats.get(chatId)
    this.#repository.moveChats(chatIds, folderId)
    for (const chatId of chatIds) this.#chats.announce(chatId)
  }

  /** Tells everyone who watches how the folders are now. */
  announce(): void {
    this.#events.publish(this.list())
  }

  #lastPosition(parentId: string | null): number {
    const siblings = this.list().filter((folder) => folder.parentId === parentId)
    return (siblings.at(-1)?.position ?? 0) + 1
  }
}
