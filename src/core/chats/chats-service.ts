/**
 * Chats and their message trees. Whoever watches is told of a change when the database has it,
 * with one exception: what a run has written is never lost to a full disk. It stays here, is shown
 * with the failure, and is saved when there is room.
 */
import { v7 as uuidv7 } from 'uuid'
import type { Attachment } from '../../shared/contract/attachments.ts'
import type { Chat, ChatEvent, Message } from '../../shared/contract/chats.ts'
import type { Failure } from '../../shared/contract/errors.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { isDiskFull } from '../database/database-error.ts'
import { EventStream } from '../event-stream.ts'
import { internalFailure } from '../internal-failure.ts'
import type { Log } from '../ports.ts'
import type { ChatChanges, ChatsRepository } from './chats-repository.ts'
import { emptyAnswer, newMessage, type NewMessage } from './new-message.ts'
import { titleFrom } from './title.ts'

/** How often the text of a growing answer is saved, and what could not be saved is tried again. */
export const saveIntervalMs = 2_000

/** A message of the person that is about to be answered. */
export interface NewQuestion {
  text: string
  attachments?: Attachment[]
  /** More than one: the answers are compared. Default 1. */
  answerCount?: number
  /** It waited in the chat's queue under this id, and is taken out of it. */
  queuedId?: string
}

type Answers = [Message, ...Message[]]

/** What a person can change of a chat. */
export type ChatEdits = Partial<
  Pick<
    Chat,
    | 'mode'
    | 'title'
    | 'systemPrompt'
    | 'sampling'
    | 'presetId'
    | 'contextPolicy'
    | 'modelId'
    | 'draft'
    | 'draftAttachments'
    | 'queue'
    | 'isUnread'
  > & { activeLeafId: string; isPinned: boolean }
>

export class ChatsService {
  readonly #repository: ChatsRepository
  readonly #dataDirectory: string
  readonly #log: Log
  readonly #events = new EventStream<ChatEvent>()
  /** Answers that are newer here than on disk, because saving them failed. */
  readonly #unsaved = new Map<string, { answer: Message; failure: Failure }>()
  #retryTimer: NodeJS.Timeout | undefined
  /** Of messages that waited and were sent. */
  readonly #sentIds = new Set<string>()

  /** `dataDirectory` is what DISK_FULL names. Answers left running by an earlier process become interrupted. */
  constructor(repository: ChatsRepository, dataDirectory: string, log: Log) {
    this.#repository = repository
    this.#dataDirectory = dataDirectory
    this.#log = log
    repository.markRunningInterrupted()
  }

  watch(signal?: AbortSignal) {
    return this.#events.watch({ type: 'chats', chats: this.#repository.list() }, signal)
  }

  create(modelId: string | null, settings: Partial<Pick<Chat, 'mode' | 'folderId' | 'presetId'>> = {}): Chat {
    const now = Date.now()
    return this.add({
      id: uuidv7(),
      folderId: null,
      mode: 'chat',
      title: '',
      titleSource: 'empty',
      systemPrompt: null,
      sampling: {},
      presetId: null,
      contextPolicy: null,
      modelId,
      activeLeafId: null,
      draft: '',
      draftAttachments: [],
      queue: [],
      pinnedAt: null,
      isUnread: false,
      createdAt: now,
      updatedAt: now,
      ...settings,
    })
  }

  /** A chat that is made already, with its messages, parents before those below them. */
  add(chat: Chat, messages: Message[] = []): Chat {
    this.#repository.insert(chat, messages)
    return this.announce(chat.id)
  }

  /** Throws NOT_FOUND, also for a chat in the trash. */
  get(chatId: string): Chat {
    const chat = this.#repository.find(chatId)
    if (!chat) throw new AppFailure('NOT_FOUND', { what: 'chat', id: chatId })
    return chat
  }

  /** The whole tree, in order of creation; with `tail` see the contract. Throws NOT_FOUND. */
  messages(chatId: string, tail?: number): Message[] {
    const { activeLeafId } = this.get(chatId)
    const messages =
      tail === undefined ? this.#repository.messages(chatId) : this.#repository.tail(chatId, activeLeafId, tail)
    return messages.map((message) => this.#shown(message))
  }

  /** Throws NOT_FOUND if there is no such message, or only in another chat than `chatId`. */
  getMessage(messageId: string, chatId?: string): Message {
    const message = this.#repository.findMessage(messageId)
    if (!message || (chatId !== undefined && message.chatId !== chatId)) {
      throw new AppFailure('NOT_FOUND', { what: 'message', id: messageId })
    }
    return this.#shown(message)
  }

  /** From the chat's first message down to this one. */
  path(messageId: string): Message[] {
    return this.#repository.path(messageId).map((message) => this.#shown(message))
  }

  /**
   * A title makes the chat named by the person; a blank one changes nothing. Does not move the chat
   * up in the list. Throws NOT_FOUND, also for an active leaf that is not in the chat.
   */
  update(chatId: string, { title: newTitle, mode, isPinned, ...edits }: ChatEdits): Chat {
    const { activeLeafId, pinnedAt } = this.get(chatId)
    if (edits.activeLeafId !== undefined) this.getMessage(edits.activeLeafId, chatId)
    const changes: ChatChanges = { ...edits }
    if (activeLeafId === null) changes.mode = mode
    // A window that has not heard of it yet writes back what was just sent.
    changes.queue = edits.queue?.filter(({ id }) => !this.#sentIds.has(id))
    if (isPinned !== undefined) changes.pinnedAt = isPinned ? (pinnedAt ?? Date.now()) : null
    const title = newTitle?.trim()
    if (title) Object.assign(changes, { title, titleSource: 'person' })
    this.#repository.update(chatId, changes)
    return this.announce(chatId)
  }

  /** Adds a message without an answer to it, which becomes the active leaf. On disk when this returns. */
  addMessage(fields: NewMessage): Message {
    const message = newMessage(fields)
    this.#add([message], { activeLeafId: message.id })
    return message
  }

  /**
   * Adds a message of the person and its empty running answers, all on disk when this returns. The first
   * answer becomes the active leaf. The first message of a chat names it, unless a person did.
   */
  addQuestion(
    chatId: string,
    parentId: string | null,
    { text, attachments = [], answerCount = 1, queuedId }: NewQuestion,
  ): { question: Message; answers: Answers } {
    const { titleSource, queue } = this.get(chatId)
    const isCompared = answerCount > 1
    const question = newMessage({ chatId, parentId, role: 'user', text, status: 'complete', attachments, isCompared })
    const answers = Array.from({ length: answerCount }, () => emptyAnswer(question)) as Answers
    const changes: ChatChanges = {}
    if (parentId === null && titleSource !== 'person') {
      changes.title = titleFrom(text || (attachments[0]?.name ?? ''))
      changes.titleSource = 'first-message'
    }
    if (queuedId !== undefined) changes.queue = queue.filter(({ id }) => id !== queuedId)
    this.#add([question, ...answers], { ...changes, activeLeafId: answers[0].id })
    if (queuedId !== undefined) this.#sentIds.add(queuedId)
    return { question, answers }
  }

  /**
   * Adds running answers, each with the text it begins with, to a message of the person. All are on disk when
   * this returns; the first becomes the active leaf. Two or more are compared.
   */
  addAnswers(question: Message, texts: string[]): Answers {
    this.get(question.chatId)
    const answers = texts.map((text) => ({ ...emptyAnswer(question), text })) as Answers
    if (answers.length > 1 && !question.isCompared) {
      this.#repository.setCompared(question.id)
      this.#events.publish({ type: 'message-saved', message: { ...question, isCompared: true } })
    }
    this.#add(answers, { activeLeafId: answers[0].id })
    return answers
  }

  /** Marks an answer as running again, with the text it has. On disk when this returns. */
  reopenAnswer(answer: Message): Message {
    const reopened: Message = { ...answer, status: 'running', failure: null }
    this.#repository.saveAnswer(reopened)
    this.#events.publish({ type: 'message-saved', message: reopened })
    return reopened
  }

  /** Puts a summary of the path down to this message on it. */
  saveSummary(messageId: string, summary: NonNullable<Message['summary']>): Message {
    this.#repository.saveSummary(messageId, summary)
    const message = this.getMessage(messageId)
    this.#events.publish({ type: 'message-saved', message })
    return message
  }

  /** Names a chat by what its model found, unless it has got another title than `oldTitle` since. */
  nameByModel(chatId: string, oldTitle: string, title: string): void {
    if (this.get(chatId).title !== oldTitle) return
    this.#repository.update(chatId, { title, titleSource: 'model' })
    this.announce(chatId)
  }

  /**
   * Saves an answer as it is now, and tells of it unless it only grew. Never throws: if the disk is
   * full or the database fails, the answer is kept here, and saving is tried again every two seconds.
   * Returns the message as it is to be shown: with that failure if there was one.
   */
  saveAnswer(answer: Message): Message {
    const earlier = this.#unsaved.get(answer.id)
    try {
      this.#repository.saveAnswer(answer)
      this.#unsaved.delete(answer.id)
      if (earlier || answer.status !== 'running') this.#events.publish({ type: 'message-saved', message: answer })
      return answer
    } catch (error) {
      this.#unsaved.set(answer.id, { answer, failure: earlier?.failure ?? this.#failureOf(error) })
      this.#retryTimer ??= setInterval(() => this.#saveUnsaved(), saveIntervalMs).unref()
      const message = this.#shown(answer)
      if (earlier?.answer.status !== answer.status) this.#events.publish({ type: 'message-saved', message })
      return message
    }
  }

  /** Tells everyone who watches how a chat is now. Throws NOT_FOUND. */
  announce(chatId: string): Chat {
    const chat = this.get(chatId)
    this.#events.publish({ type: 'chat-saved', chat })
    return chat
  }

  /** For the services that change chats in the database in other ways than this one. */
  publish(event: ChatEvent): void {
    this.#events.publish(event)
  }

  /** Tries once more to save what could not be saved. */
  close(): void {
    this.#saveUnsaved()
    clearInterval(this.#retryTimer)
    if (this.#unsaved.size > 0) this.#log.error('Answers were not saved', { ids: [...this.#unsaved.keys()] })
  }

  #saveUnsaved(): void {
    for (const { answer } of this.#unsaved.values()) this.saveAnswer(answer)
    if (this.#unsaved.size > 0) return
    clearInterval(this.#retryTimer)
    this.#retryTimer = undefined
  }

  #add(messages: Message[], changes: ChatChanges): void {
    const { chatId, createdAt } = messages.at(-1)!
    this.#repository.addMessages(messages, chatId, { ...changes, updatedAt: createdAt })
    for (const message of messages) this.#events.publish({ type: 'message-saved', message })
    this.announce(chatId)
  }

  #shown(message: Message): Message {
    const unsaved = this.#unsaved.get(message.id)
    if (!unsaved) return message
    const { answer, failure } = unsaved
    return { ...answer, status: answer.status === 'running' ? 'running' : 'failed', failure }
  }

  #failureOf(error: unknown): Failure {
    const failure = isDiskFull(error)
      ? new AppFailure('DISK_FULL', { path: this.#dataDirectory })
      : internalFailure(this.#log, 'An answer could not be saved', error)
    return failure.toFailure()
  }
}
