/**
 * Makes answers. A chat is busy with one message at a time, whose answers (more than one when they are
 * compared) are made one after the other; answers of one model are made in the order they were asked for. When
 * `send` returns, the question is on disk; from then on the runs go their way whether or not anyone watches,
 * and whatever happens each ends in exactly one of complete, stopped, interrupted, or failed.
 */
import type { Chat, Message } from '../../shared/contract/chats.ts'
import type { Variant } from '../../shared/contract/generation.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { saveIntervalMs, type NewQuestion } from '../chats/chats-service.ts'
import { Turns } from '../models/turns.ts'
import { planAnswer, type AnswerPlan } from './answer-plan.ts'
import { ChatNaming } from './chat-naming.ts'
import { promptTooLong, type FittedPrompt } from './fit-prompt.ts'
import type { GenerationOptions } from './generation-options.ts'
import { makeAnswer, stoppedOutcome } from './make-answer.ts'
import type { PathMessage } from './prompt.ts'
import { PromptViews } from './prompt-views.ts'
import { Run } from './run.ts'
import { newPathMessage, pathTo } from './thread-path.ts'

/** For all answers to stop; longer than an engine may take until its process is killed. */
const closeDeadlineMs = 5_000

interface Started {
  userMessageId: string
  answerIds: string[]
}

/** The answers to one message. */
interface Batch {
  chatId: string
  userMessageId: string
  runs: Run[]
  ended: Message[]
}

interface Planned {
  plan: AnswerPlan
  /** null = its model was not loaded. */
  fitted: FittedPrompt | null
}

interface Request {
  chat: Chat
  path: PathMessage[]
  variants: Variant[]
  answerStart?: string
  /** Refuse what is too long before anything is saved, if the model is loaded. Default true. */
  mustFit?: boolean
  /** Saves it all. */
  add: () => Pick<Started, 'userMessageId'> & { answers: Message[] }
}

export class GenerationService {
  readonly views: PromptViews
  readonly #options: GenerationOptions
  readonly #naming: ChatNaming
  /** By answer id. */
  readonly #runs = new Map<string, Run>()
  /** Chats with a running answer, or one about to be. */
  readonly #busyChats = new Set<string>()
  #isClosing = false

  constructor(options: GenerationOptions) {
    this.#options = options
    this.views = new PromptViews(options)
    this.#naming = new ChatNaming(options)
  }

  /** See the contract. `parentId` must be an answer of the chat, or null. */
  async send(
    chatId: string,
    parentId: string | null,
    question: NewQuestion,
    variants: Variant[] = [],
    mustFit = true,
  ): Promise<Started> {
    const { chats } = this.#options
    const chat = chats.get(chatId)
    const { text, attachments = [] } = question
    if (text === '' && attachments.length === 0 && chat.mode === 'chat') throw new Error('A message without text')
    const path = [...pathTo(chats, chatId, parentId), newPathMessage(text, attachments)]
    const answerCount = Math.max(1, variants.length)
    const add = () => {
      pathTo(chats, chatId, parentId) // It may have been deleted meanwhile.
      const { question: saved, answers } = chats.addQuestion(chatId, parentId, { ...question, answerCount })
      return { userMessageId: saved.id, answers }
    }
    return this.#start({ chat, path, variants, mustFit, add })
  }

  async regenerate(userMessageId: string, variants: Variant[] = []): Promise<Started> {
    const { chats } = this.#options
    const question = chats.getMessage(userMessageId)
    if (question.role !== 'user') throw new AppFailure('NOT_FOUND', { what: 'message', id: userMessageId })
    const texts = Array.from({ length: Math.max(1, variants.length) }, () => '')
    const add = () => ({ userMessageId, answers: chats.addAnswers(chats.getMessage(userMessageId), texts) })
    return this.#start({ chat: chats.get(question.chatId), path: chats.path(userMessageId), variants, add })
  }

  /** By the model that made the answer, if it is still in the library. See the contract. */
  async continueAnswer(answerId: string, text?: string): Promise<Started> {
    const { chats, models } = this.#options
    const answer = chats.getMessage(answerId)
    if (answer.role !== 'assistant') throw new AppFailure('NOT_FOUND', { what: 'message', id: answerId })
    const question = chats.getMessage(answer.parentId!)
    const model = answer.runCard && models.find(answer.runCard.model.id)
    const variants = model ? [{ modelId: model.id }] : []
    const add = () => {
      const now = chats.getMessage(answerId)
      const answers = text === undefined ? [chats.reopenAnswer(now)] : chats.addAnswers(question, [text])
      return { userMessageId: question.id, answers }
    }
    const chat = chats.get(answer.chatId)
    return this.#start({ chat, path: chats.path(question.id), variants, answerStart: text ?? answer.text, add })
  }

  /** See Run.attach; an answer that is over brings its text and its end. Throws NOT_FOUND. */
  attach(answerId: string, offset: number, signal?: AbortSignal) {
    const run = this.#runs.get(answerId) ?? new Run(this.#options.chats.getMessage(answerId))
    return run.attach(offset, signal)
  }

  /** Does nothing if the answer is over. */
  stop(answerId: string): void {
    this.#runs.get(answerId)?.stop()
  }

  isBusy(chatId: string): boolean {
    return this.#busyChats.has(chatId)
  }

  /** Stops the chat's answers, if some are running, and resolves when they are over and saved. */
  async stopChat(chatId: string): Promise<void> {
    this.#naming.forget(chatId)
    const runs = [...this.#runs.values()].filter(({ answer }) => answer.chatId === chatId)
    for (const run of runs) run.stop()
    await Promise.all(runs.map((run) => run.ended))
  }

  /** See the contract. */
  nameChat(chatId: string): Promise<string> {
    return this.#naming.nameNow(chatId)
  }

  /** Interrupts all running answers and resolves when they are saved, or after 5 s. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#naming.close()
    const runs = [...this.#runs.values()]
    for (const run of runs) run.stop()
    const { promise: deadline, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, closeDeadlineMs)
    await Promise.race([Promise.all(runs.map((run) => run.ended)), deadline])
    clearTimeout(timer)
  }

  async #start({ chat, path, variants, answerStart, mustFit = true, add }: Request): Promise<Started> {
    if (this.#busyChats.has(chat.id)) throw new AppFailure('CHAT_BUSY', { chatId: chat.id })
    this.#busyChats.add(chat.id)
    this.#naming.yield()
    const requestedAt = performance.now()
    try {
      const plans: Planned[] = []
      for (const variant of variants.length > 0 ? variants : [{}]) {
        const plan = await planAnswer(this.#options, chat, path, variant, answerStart)
        if (plan.sampling.answerFormat.type !== 'text') {
          await this.#options.models.loaded(plan.model.id)?.checkFormat(plan.sampling.answerFormat)
        }
        const fitted = mustFit ? await this.views.fit(plan) : null
        if (fitted?.isTooLong) throw promptTooLong(fitted)
        plans.push({ plan, fitted })
      }
      const { userMessageId, answers } = add()
      plans[0]!.plan.path.at(-1)!.id = userMessageId
      const runs = answers.map((answer) => new Run(answer, requestedAt))
      const batch: Batch = { chatId: chat.id, userMessageId, runs, ended: [] }
      const turns = new Turns()
      for (const [index, run] of runs.entries()) {
        this.#runs.set(run.answer.id, run)
        void this.#finish(run, plans[index]!, batch, turns)
      }
      return { userMessageId, answerIds: answers.map(({ id }) => id) }
    } catch (error) {
      this.#busyChats.delete(chat.id)
      this.#nameIfIdle()
      throw error
    }
  }

  /** Makes the answer when it is its turn, saving it every two seconds and at the end. Never rejects. */
  async #finish(run: Run, { plan, fitted }: Planned, batch: Batch, turns: Turns): Promise<void> {
    const { chats } = this.#options
    let saved = run.text
    const saving = setInterval(() => {
      if (run.text === saved) return
      saved = run.text
      chats.saveAnswer({ ...run.answer, text: saved })
    }, saveIntervalMs)
    const user = { party: batch.chatId }
    if (turns.mustWait(user)) run.setPhase({ phase: 'waiting' })
    const hasTurn = await turns.take(user, run.signal)
    const outcome = hasTurn ? await makeAnswer(run, plan, fitted, this.#options) : stoppedOutcome
    if (hasTurn) turns.giveBack()
    clearInterval(saving)
    const message = chats.saveAnswer({
      ...run.answer,
      text: run.text,
      status: outcome.status === 'stopped' && this.#isClosing ? 'interrupted' : outcome.status,
      failure: outcome.failure,
      // Of an answer that did not get on, what is known of its beginning.
      runCard: outcome.runCard ?? run.answer.runCard,
    })
    this.#runs.delete(run.answer.id)
    batch.ended.push(message)
    if (!run.isWatched && !run.signal.aborted) this.#markUnread(batch.chatId)
    if (batch.ended.length === batch.runs.length) this.#allEnded(batch)
    run.end(message)
  }

  /** What comes next in a chat when all answers to a message are over. */
  #allEnded({ chatId, ended }: Batch): void {
    this.#busyChats.delete(chatId)
    if (ended.every(({ status }) => status === 'complete') && !this.#isClosing) {
      this.#naming.want(chatId, ended.at(-1)!)
      void this.#sendQueued(chatId, ended)
    }
    this.#nameIfIdle()
  }

  /** What waits is sent even if it is too long: the failure then stands at its answer. */
  async #sendQueued(chatId: string, answers: Message[]): Promise<void> {
    const { chats, log } = this.#options
    try {
      const { queue, activeLeafId } = chats.get(chatId)
      const next = queue[0]
      if (!next) return
      const parent = answers.find(({ id }) => id === activeLeafId) ?? answers[0]!
      const { text, attachments, id: queuedId } = next
      await this.send(chatId, parent.id, { text, attachments, queuedId }, [], false)
    } catch (error) {
      log.warn('A message that waited could not be sent', { chatId, reason: String(error) })
    }
  }

  #nameIfIdle(): void {
    if (this.#busyChats.size === 0) this.#naming.resume()
  }

  #markUnread(chatId: string): void {
    const { chats, log } = this.#options
    try {
      chats.update(chatId, { isUnread: true })
    } catch (error) {
      log.warn('A chat was not marked as unread', { chatId, reason: String(error) })
    }
  }
}
