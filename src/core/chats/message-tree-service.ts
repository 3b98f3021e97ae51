/**
 * What a person does to the tree of a chat's messages without an answer being made: versions, branches deleted
 * and brought back, summaries, copies. A deleted branch can be brought back until the next start.
 */
import { v7 as uuidv7 } from 'uuid'
import type { Chat, Message } from '../../shared/contract/chats.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { ChatsService } from './chats-service.ts'
import type { MessageTreeRepository } from './message-tree-repository.ts'

export class MessageTreeService {
  readonly #repository: MessageTreeRepository
  readonly #chats: ChatsService

  constructor(repository: MessageTreeRepository, chats: ChatsService) {
    this.#repository = repository
    this.#chats = chats
    repository.purge()
  }

  /** See the contract. Its attachments are those of the message. Throws NOT_FOUND, CHAT_BUSY. */
  addVersion(messageId: string, text: string): Message {
    const { chatId, parentId, role, attachments } = this.#message(messageId)
    this.#refuseIfBusy(chatId)
    return this.#chats.addMessage({ chatId, parentId, role, text, attachments, status: 'complete' })
  }

  /** See the contract. Throws NOT_FOUND, CHAT_BUSY. */
  deleteBranch(messageId: string): Chat {
    const { chatId, parentId } = this.#message(messageId)
    this.#refuseIfBusy(chatId)
    const { activeLeafId } = this.#chats.get(chatId)
    const isShown = activeLeafId !== null && this.#repository.isInBranch(activeLeafId, messageId)
    this.#repository.deleteBranch(chatId, messageId, isShown ? this.#leafBeside(messageId, chatId, parentId) : activeLeafId)
    this.#chats.publish({ type: 'branch-deleted', chatId, messageId })
    return this.#chats.announce(chatId)
  }

  /** See the contract. Throws NOT_FOUND, also where the message above it was deleted. */
  restoreBranch(messageId: string): Chat {
    const place = this.#repository.placeOf(messageId)
    if (!place) throw new AppFailure('NOT_FOUND', { what: 'message', id: messageId })
    this.#chats.get(place.chatId)
    if (place.parentId !== null) this.#message(place.parentId)
    const restored = new Set(this.#repository.restoreBranch(messageId))
    for (const message of this.#chats.messages(place.chatId)) {
      if (restored.has(message.id)) this.#chats.publish({ type: 'message-saved', message })
    }
    return this.#chats.update(place.chatId, { activeLeafId: this.#repository.newestLeaf(messageId) })
  }

  /** Throws NOT_FOUND, also for a message without a summary. */
  editSummary(messageId: string, text: string): Message {
    const { summary } = this.#message(messageId)
    if (!summary) throw new AppFailure('NOT_FOUND', { what: 'message', id: messageId })
    return this.#chats.saveSummary(messageId, { ...summary, text, isEdited: true })
  }

  /**
   * A copy of a chat with its settings, and of its whole tree or of the path down to `upToMessageId`. What is
   * unsent stays with the original. An answer that is running ends in the copy where it is. Throws NOT_FOUND.
   */
  duplicate(chatId: string, upToMessageId?: string): Chat {
    const chat = this.#chats.get(chatId)
    if (upToMessageId !== undefined) this.#chats.getMessage(upToMessageId, chatId)
    const messages = upToMessageId === undefined ? this.#chats.messages(chatId) : this.#chats.path(upToMessageId)
    const leafId = upToMessageId ?? chat.activeLeafId
    const newIds = new Map(messages.map(({ id }) => [id, uuidv7()]))
    const newId = (id: string | null) => (id === null ? null : (newIds.get(id) ?? null))
    const now = Date.now()
    const copy: Chat = {
      ...chat,
      id: uuidv7(),
      activeLeafId: newId(leafId),
      draft: '',
      draftAttachments: [],
      queue: [],
      pinnedAt: null,
      isUnread: false,
      createdAt: now,
      updatedAt: now,
    }
    const copies = messages.map((message) => ({
      ...message,
      id: newIds.get(message.id)!,
      chatId: copy.id,
      parentId: newId(message.parentId),
      status: message.status === 'running' ? ('interrupted' as const) : message.status,
      runCard: withNewIds(message.runCard, newIds),
    }))
    return this.#chats.add(copy, copies)
  }

  /** Throws NOT_FOUND, also for a message of a chat in the trash. */
  #message(messageId: string): Message {
    const message = this.#chats.getMessage(messageId)
    this.#chats.get(message.chatId)
    return message
  }

  #refuseIfBusy(chatId: string): void {
    if (this.#repository.isRunning(chatId)) throw new AppFailure('CHAT_BUSY', { chatId })
  }

  /** What is shown instead of a branch: down from the message before it, or from the one after it; else the one above. */
  #leafBeside(messageId: string, chatId: string, parentId: string | null): string | null {
    const siblings = this.#repository.siblings(chatId, parentId)
    const index = siblings.indexOf(messageId)
    const beside = siblings[index - 1] ?? siblings[index + 1]
    return beside === undefined ? parentId : this.#repository.newestLeaf(beside)
  }
}

function withNewIds(runCard: Message['runCard'], newIds: ReadonlyMap<string, string>): Message['runCard'] {
  if (!runCard?.cut) return runCard
  const { fromMessageId, toMessageId } = runCard.cut
  const cut = {
    ...runCard.cut,
    fromMessageId: newIds.get(fromMessageId) ?? fromMessageId,
    toMessageId: newIds.get(toMessageId) ?? toMessageId,
  }
  return { ...runCard, cut }
}
