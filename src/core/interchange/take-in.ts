/**
 * Takes records into the database: each chat with its messages in one transaction. Invariants: nothing that is here is
 * overwritten or lost (messages of a chat that is here are added by their ids; its settings change only for newer
 * ones of a backup), and what is taken in twice is here once.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Chat, Message } from '../../shared/contract/chats.ts'
import type { Folder } from '../../shared/contract/folders.ts'
import type { ImportItem, ImportResult } from '../../shared/contract/interchange.ts'
import { defaultSettings } from '../../shared/contract/settings.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { AttachmentsService } from '../attachments/attachments-service.ts'
import type { ChatsRepository } from '../chats/chats-repository.ts'
import type { ChatsService } from '../chats/chats-service.ts'
import type { TrashService } from '../chats/trash-service.ts'
import type { FoldersRepository } from '../folders/folders-repository.ts'
import type { FoldersService } from '../folders/folders-service.ts'
import type { PresetsService } from '../presets/presets-service.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { derivedId } from './derived-id.ts'
import type { InterchangeRepository } from './interchange-repository.ts'
import type { ChatRecord, InterchangeRecord, StoredFolder, StoredMessage } from './records.ts'
import { without } from './without.ts'

export interface TakeInParts {
  repository: InterchangeRepository
  chatsRepository: ChatsRepository
  foldersRepository: FoldersRepository
  chats: ChatsService
  folders: FoldersService
  trash: TrashService
  presets: PresetsService
  settings: SettingsService
  attachments: AttachmentsService
}

/** What is true of one machine only. */
const settingsOfMachine = new Set<string>([
  'gpu',
  'threads',
  'measuredThreads',
  'modelsDirectory',
  'defaultModelId',
  'lastChatId',
  'modelPresets',
] satisfies (keyof Settings)[])

export class TakeIn {
  readonly result: Omit<ImportResult, 'problems'> = {
    addedChats: 0,
    changedChats: 0,
    skippedChats: 0,
    addedMessages: 0,
    addedFolders: 0,
    addedPresets: 0,
    firstChatId: null,
  }
  readonly #parts: TakeInParts
  readonly #isBackup: boolean
  readonly #copyPresent: boolean
  readonly #attachmentsDirectory: string
  /** Of the file; those of an import come in with the first chat that lies in them. */
  readonly #folders = new Map<string, StoredFolder>()

  constructor(parts: TakeInParts, options: { isBackup: boolean; copyPresent: boolean; attachmentsDirectory: string }) {
    this.#parts = parts
    this.#isBackup = options.isBackup
    this.#copyPresent = options.copyPresent
    this.#attachmentsDirectory = options.attachmentsDirectory
  }

  /** What taking in a chat would do. */
  look({ chat, messages }: ChatRecord): ImportItem['state'] {
    if (!this.#isBackup) return this.#freeId(chat.id, chat.createdAt) === null ? 'present' : 'new'
    const here = this.#parts.repository.chat(chat.id)
    if (!here) return 'new'
    const owners = this.#parts.repository.ownersOf(messages.map(({ id }) => id))
    const hasMore = messages.some(({ id }) => !owners.has(id))
    const comesBack = here.trashedAt !== null && chat.trashedAt === null
    return hasMore || comesBack || chat.updatedAt > here.updatedAt ? 'changed' : 'same'
  }

  async take(record: InterchangeRecord): Promise<void> {
    const { repository, presets, settings } = this.#parts
    switch (record.kind) {
      case 'folder':
        this.#folders.set(record.folder.id, record.folder)
        if (this.#isBackup) this.#folder(record.folder.id)
        break
      case 'preset': {
        const here = presets.list().find(({ id }) => id === record.preset.id)
        if (!here) this.result.addedPresets++
        if (!here || (!here.isBuiltIn && record.preset.updatedAt > here.updatedAt)) presets.undelete(record.preset)
        break
      }
      case 'prompt-version':
        repository.addPromptVersion(record.version)
        break
      case 'settings':
        settings.update(this.#settingsToTake(record.settings))
        break
      case 'chat':
        await this.#takeChat(record)
    }
  }

  async #takeChat(record: ChatRecord): Promise<void> {
    const { repository } = this.#parts
    const { chat } = record
    if (this.#isBackup) {
      const state = this.look(record)
      if (state === 'same') this.result.skippedChats++
      else if (state === 'changed') await this.#merge(record)
      else await this.#add(record, chat.id)
      return
    }
    const freeId = this.#freeId(chat.id, chat.createdAt)
    if (freeId !== null) await this.#add(record, freeId)
    else if (this.#copyPresent) {
      let copy = 1
      while (repository.chat(copyId(chat.id, chat.createdAt, copy))) copy++
      await this.#add(record, copyId(chat.id, chat.createdAt, copy))
    } else this.result.skippedChats++
  }

  /** The chat's own id, or, if that chat is in the trash, one derived from it; null = it is here. */
  #freeId(chatId: string, createdAt: number): string | null {
    for (let attempt = 0, id = chatId; ; id = derivedId(createdAt, 0, chatId, 'again', ++attempt)) {
      const here = this.#parts.repository.chat(id)
      if (!here) return id
      if (here.trashedAt === null) return null
    }
  }

  async #add({ chat: { trashedAt, ...chat }, messages: stored }: ChatRecord, chatId: string): Promise<void> {
    const { repository, chats } = this.#parts
    await this.#takeAttachments(stored, chat)
    const { messages, idOf } = this.#placed(stored, chatId, chat.createdAt)
    const activeLeafId = chat.activeLeafId && (idOf.get(chat.activeLeafId) ?? null)
    const folderId = this.#folder(chat.folderId)
    chats.add({ ...chat, ...this.#known(chat), id: chatId, folderId, activeLeafId }, messages)
    if (trashedAt !== null) {
      repository.setChatTrashedAt(chatId, trashedAt)
      chats.publish({ type: 'chat-trashed', chatId })
    } else this.result.firstChatId ??= chatId
    this.result.addedChats++
    this.result.addedMessages += messages.length
  }

  /** Adds the messages that are not here; the rest changes only if the backup has the newer message. */
  async #merge({ chat: { trashedAt, ...chat }, messages: stored }: ChatRecord): Promise<void> {
    const { repository, chatsRepository, chats, trash } = this.#parts
    const here = repository.chat(chat.id)!
    await this.#takeAttachments(stored, chat)
    const { messages, idOf } = this.#placed(stored, chat.id, chat.createdAt)
    const owners = repository.ownersOf(messages.map(({ id }) => id))
    const added = messages.filter(({ id }) => !owners.has(id))
    const isNewer = chat.updatedAt > here.updatedAt
    const { id } = chat
    const settings = without(chat, 'id', 'createdAt', 'draft', 'draftAttachments', 'queue', 'isUnread')
    const leafId = chat.activeLeafId && (idOf.get(chat.activeLeafId) ?? null)
    chatsRepository.addMessages(added, id, {
      ...(isNewer && { ...settings, ...this.#known(chat), folderId: this.#folder(chat.folderId) }),
      activeLeafId: (isNewer || here.activeLeafId === null) && leafId !== null ? leafId : here.activeLeafId,
    })
    if (here.trashedAt !== null && trashedAt === null) trash.restore([id])
    const isShown = here.trashedAt === null || trashedAt === null
    for (const message of isShown ? added : []) chats.publish({ type: 'message-saved', message })
    if (isShown) chats.announce(id)
    this.result.changedChats++
    this.result.addedMessages += added.length
  }

  /** Messages as they go into this chat. Ids that another chat's messages have are replaced. */
  #placed(
    stored: StoredMessage[],
    chatId: string,
    createdAt: number,
  ): { messages: Message[]; idOf: Map<string, string> } {
    const owners = this.#parts.repository.ownersOf(stored.map(({ id }) => id))
    // All or none: new ids among old ones would not sort as the messages do.
    const isTaken = [...owners.values()].some((owner) => owner !== chatId)
    const idOf = new Map(stored.map(({ id }, index) => [id, isTaken ? derivedId(createdAt, index, chatId, id) : id]))
    const messages = stored.map((message) => ({
      ...message,
      id: idOf.get(message.id)!,
      chatId,
      parentId: message.parentId && idOf.get(message.parentId)!,
    }))
    return { messages, idOf }
  }

  /** Models are files of one machine; a preset that is not here says nothing. */
  #known({ modelId, presetId }: Pick<Chat, 'modelId' | 'presetId'>): Pick<Chat, 'modelId' | 'presetId'> {
    const { repository, presets } = this.#parts
    return {
      modelId: modelId && repository.hasModel(modelId) ? modelId : null,
      presetId: presets.list().some(({ id }) => id === presetId) ? presetId : null,
    }
  }

  /** The folder as it is here, brought in or back if it must be; null where the file does not have it. */
  #folder(folderId: string | null, below: readonly string[] = []): string | null {
    if (folderId === null || below.includes(folderId)) return null
    const { repository, foldersRepository, folders } = this.#parts
    const stored = this.#folders.get(folderId)
    const here = repository.folders().find(({ id }) => id === folderId)
    if (!stored) return here && (here.trashedAt === null || this.#isBackup) ? folderId : null
    const parentId = this.#folder(stored.parentId, [...below, folderId])
    if (here) {
      const isNewer = this.#isBackup && stored.updatedAt > here.updatedAt
      if (here.trashedAt !== null && stored.trashedAt === null) repository.setFolderTrashedAt(folderId, null)
      const values = without(stored, 'id', 'parentId', 'createdAt', 'trashedAt')
      if (isNewer) foldersRepository.update(folderId, { ...values, ...this.#known(stored) })
    } else {
      const { trashedAt, ...folder } = stored
      foldersRepository.insert({ ...(folder satisfies Folder), ...this.#known(stored), parentId })
      if (this.#isBackup && trashedAt !== null) repository.setFolderTrashedAt(folderId, trashedAt)
      this.result.addedFolders++
    }
    folders.announce()
    return folderId
  }

  async #takeAttachments(
    messages: StoredMessage[],
    { draftAttachments, queue }: Pick<Chat, 'draftAttachments' | 'queue'>,
  ): Promise<void> {
    const named = [...messages, ...queue].flatMap(({ attachments }) => attachments)
    for (const { id, name } of [...named, ...draftAttachments]) {
      const text = await readFile(join(this.#attachmentsDirectory, id), 'utf8').catch(() => null)
      if (text !== null) await this.#parts.attachments.add(name, text)
    }
  }

  /** Only where this person has chosen nothing yet. */
  #settingsToTake(stored: Partial<Settings>): Partial<Settings> {
    const current = this.#parts.settings.get()
    const taken = Object.entries(stored).filter(([key]) => {
      const name = key as keyof Settings
      return !settingsOfMachine.has(name) && isDeepStrictEqual(current[name], defaultSettings[name])
    })
    return Object.fromEntries(taken)
  }
}

function copyId(chatId: string, createdAt: number, copy: number): string {
  return derivedId(createdAt, 0, chatId, 'copy', copy)
}
