/**
 * Names chats by their models while nothing else is to do. A person's message never waits for it: the naming
 * under way ends at once and is tried again when all is quiet.
 */
import type { Message } from '../../shared/contract/chats.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { findTitle } from './find-title.ts'
import type { GenerationOptions } from './generation-options.ts'

/** A chat that got further than that without being named keeps the title it has. */
const mostMessages = 4
const mostTries = 3

interface Wanted {
  answer: Message
  tries: number
}

export class ChatNaming {
  readonly #options: GenerationOptions
  /** By chat id. */
  readonly #wanted = new Map<string, Wanted>()
  #current: { chatId: string; stop: AbortController } | null = null

  constructor(options: GenerationOptions) {
    this.#options = options
  }

  /** Has a chat named when there is time, if it is new and nobody named it. */
  want(chatId: string, answer: Message): void {
    const { chats, getSettings } = this.#options
    if (!getSettings().automaticTitles) return
    const { mode, titleSource } = chats.get(chatId)
    if (mode !== 'chat' || titleSource !== 'first-message' || chats.path(answer.id).length > mostMessages) return
    this.#wanted.set(chatId, { answer, tries: 0 })
  }

  forget(chatId: string): void {
    this.#wanted.delete(chatId)
    if (this.#current?.chatId === chatId) this.#current.stop.abort()
  }

  /** Ends what is under way; it stays wanted. */
  yield(): void {
    this.#current?.stop.abort()
  }

  resume(): void {
    const [next] = this.#wanted
    if (next && !this.#current) void this.#name(...next)
  }

  close(): void {
    this.#wanted.clear()
    this.yield()
  }

  /** Loads the model if need be. Resolves with the title: the old one where it finds none. Rejects with NO_MODEL. */
  async nameNow(chatId: string): Promise<string> {
    const { chats, log } = this.#options
    this.forget(chatId)
    const { title, activeLeafId, mode } = chats.get(chatId)
    const answer = activeLeafId === null ? null : chats.path(activeLeafId).findLast(({ role }) => role === 'assistant')
    if (!answer || mode === 'completion') return title
    try {
      const found = await findTitle(this.#options, answer, new AbortController().signal)
      if (found) chats.nameByModel(chatId, title, found)
    } catch (error) {
      if (error instanceof AppFailure && error.code === 'NO_MODEL') throw error
      log.warn('A chat could not be named', { chatId, reason: String(error) })
    }
    return chats.get(chatId).title
  }

  async #name(chatId: string, wanted: Wanted): Promise<void> {
    const { chats, models, log } = this.#options
    const stop = new AbortController()
    this.#current = { chatId, stop }
    wanted.tries++
    try {
      const { title, titleSource } = chats.get(chatId)
      const modelId = wanted.answer.runCard?.model.id
      const isPossible = titleSource === 'first-message' && modelId !== undefined && models.loaded(modelId) !== null
      const found = isPossible ? await findTitle(this.#options, wanted.answer, stop.signal) : null
      if (found && !stop.signal.aborted) chats.nameByModel(chatId, title, found)
    } catch (error) {
      log.warn('A chat could not be named', { chatId, reason: String(error) })
    }
    this.#current = null
    const isDone = !stop.signal.aborted || wanted.tries >= mostTries
    if (isDone && this.#wanted.get(chatId) === wanted) this.#wanted.delete(chatId)
    if (!stop.signal.aborted) this.resume()
  }
}
