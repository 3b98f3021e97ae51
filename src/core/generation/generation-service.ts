/**
 * Makes answers. A chat has at most one running answer; answers of one model are made one after the
 * other, in the order they were asked for. When `send` returns, the question is on disk; from then
 * on the run goes its way whether or not anyone watches, and whatever happens it ends in exactly one
 * of complete, stopped, interrupted, or failed.
 */
import type { Chat, Message, RunCard } from '../../shared/contract/chats.ts'
import type { Model, Runtime } from '../../shared/contract/models.ts'
import type { GenerateRequest, GenerateResult } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { effectiveSampling, type Sampling } from '../../shared/lib/sampling.ts'
import { saveIntervalMs, type ChatsService } from '../chats/chats-service.ts'
import { internalFailure } from '../internal-failure.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { Log } from '../ports.ts'
import { promptOf } from './prompt.ts'
import { Run } from './run.ts'
import { runCard } from './run-card.ts'

/** The speed of fewer tokens is chance. */
const minTokensForSpeed = 16
/** For all answers to stop; longer than an engine may take until its process is killed. */
const closeDeadlineMs = 5_000

/** All that a run needs and that must not change under it. */
interface Task {
  chat: Chat
  model: Model
  prompt: GenerateRequest['prompt']
  sampling: Sampling
}

type Outcome = Pick<Message, 'status' | 'failure' | 'runCard'>

export class GenerationService {
  readonly #chats: ChatsService
  readonly #models: ModelsService
  readonly #log: Log
  readonly #onSpeed: (model: Model, tokensPerSecond: number) => void
  /** By answer id. */
  readonly #runs = new Map<string, Run>()
  /** Chats with a running answer, or one about to be. */
  readonly #busyChats = new Set<string>()
  #isClosing = false

  /** `onSpeed` is told how fast an answer was without drafting. */
  constructor(
    chats: ChatsService,
    models: ModelsService,
    log: Log,
    onSpeed: (model: Model, tokensPerSecond: number) => void = () => {},
  ) {
    this.#chats = chats
    this.#models = models
    this.#log = log
    this.#onSpeed = onSpeed
  }

  /** See the contract. `parentId` must be an answer of the chat, or null. */
  async send(chatId: string, parentId: string | null, text: string) {
    const chat = this.#chats.get(chatId)
    if (text === '' && chat.mode === 'chat') throw new Error('A message without text')
    const path = [...this.#pathTo(chatId, parentId), { role: 'user', text } as const]
    return this.#start(chat, path, () => {
      const { question, answers } = this.#chats.addQuestion(chatId, parentId, { text })
      return { question, answer: answers[0] }
    })
  }

  async regenerate(userMessageId: string) {
    const question = this.#chats.getMessage(userMessageId)
    if (question.role !== 'user') throw new AppFailure('NOT_FOUND', { what: 'message', id: userMessageId })
    const chat = this.#chats.get(question.chatId)
    return this.#start(chat, this.#chats.path(question.id), () => ({
      question,
      answer: this.#chats.addAnswers(question, [''])[0],
    }))
  }

  /** See Run.attach; an answer that is over brings its text and its end. Throws NOT_FOUND. */
  attach(answerId: string, offset: number, signal?: AbortSignal) {
    const run = this.#runs.get(answerId) ?? new Run(this.#chats.getMessage(answerId))
    return run.attach(offset, signal)
  }

  /** Does nothing if the answer is over. */
  stop(answerId: string): void {
    this.#runs.get(answerId)?.stop()
  }

  /** Stops the chat's answer, if one is running, and resolves when it is over and saved. */
  async stopChat(chatId: string): Promise<void> {
    for (const run of this.#runs.values()) {
      if (run.answer.chatId !== chatId) continue
      run.stop()
      await run.ended
    }
  }

  /** null if the model is not loaded. */
  async countPrompt(chatId: string, parentId: string | null, text: string) {
    const chat = this.#chats.get(chatId)
    const path = [...this.#pathTo(chatId, parentId), { role: 'user', text } as const]
    const count = await this.#count(await this.#models.forChat(chat.modelId), promptOf(chat, path))
    return count && { ...count, cachedTokens: count.cachedTokens ?? 0, reservedTokens: 0, parts: {}, cut: null }
  }

  /** Interrupts all running answers and resolves when they are saved, or after 5 s. */
  async close(): Promise<void> {
    this.#isClosing = true
    const runs = [...this.#runs.values()]
    for (const run of runs) run.stop()
    const { promise: deadline, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, closeDeadlineMs)
    await Promise.race([Promise.all(runs.map((run) => run.ended)), deadline])
    clearTimeout(timer)
  }

  #pathTo(chatId: string, parentId: string | null): Message[] {
    if (parentId === null) return []
    const parent = this.#chats.getMessage(parentId, chatId)
    if (parent.role !== 'assistant') throw new AppFailure('NOT_FOUND', { what: 'message', id: parentId })
    return this.#chats.path(parentId)
  }

  async #start(
    chat: Chat,
    path: Pick<Message, 'role' | 'text'>[],
    add: () => { question: Message; answer: Message },
  ): Promise<{ userMessageId: string; answerIds: string[] }> {
    if (this.#busyChats.has(chat.id)) throw new AppFailure('CHAT_BUSY', { chatId: chat.id })
    this.#busyChats.add(chat.id)
    const requestedAt = performance.now()
    try {
      const model = await this.#models.forChat(chat.modelId)
      const prompt = promptOf(chat, path)
      const count = await this.#count(model, prompt)
      if (count && count.promptTokens >= count.contextSize) throw new AppFailure('PROMPT_TOO_LONG', count)
      const { question, answer } = add()
      const run = new Run(answer, requestedAt)
      this.#runs.set(answer.id, run)
      void this.#finish(run, { chat, model, prompt, sampling: effectiveSampling(chat.sampling) })
      return { userMessageId: question.id, answerIds: [answer.id] }
    } catch (error) {
      this.#busyChats.delete(chat.id)
      throw error
    }
  }

  async #count(model: Model, prompt: GenerateRequest['prompt']) {
    try {
      return await (this.#models.loaded(model.id)?.countPrompt(prompt) ?? null)
    } catch (error) {
      // It died while it counted: then no engine is loaded to count with.
      if (error instanceof AppFailure && error.code === 'ENGINE_CRASHED') return null
      throw error
    }
  }

  /** Makes the answer, saving it every two seconds and at the end. Never rejects. */
  async #finish(run: Run, task: Task): Promise<void> {
    let saved = ''
    const saving = setInterval(() => {
      if (run.text === saved) return
      saved = run.text
      this.#chats.saveAnswer({ ...run.answer, text: saved })
    }, saveIntervalMs)
    const outcome = await this.#generate(run, task)
    clearInterval(saving)
    const message = this.#chats.saveAnswer({ ...run.answer, text: run.text, ...outcome })
    this.#runs.delete(run.answer.id)
    this.#busyChats.delete(run.answer.chatId)
    run.end(message)
  }

  async #generate(run: Run, { chat, model, prompt, sampling }: Task): Promise<Outcome> {
    let runtime = null as Runtime | null
    try {
      const result = await this.#models.use(
        model,
        chat.id,
        {
          signal: run.signal,
          onWaiting: () => run.setPhase({ phase: 'waiting' }),
          onLoadState: (load) => {
            if (load.state === 'loading') run.setPhase({ phase: 'loading', fraction: load.fraction })
            if (load.state === 'ready') runtime = load.runtime
          },
        },
        (engine) =>
          engine.generate(
            { prompt, sampling },
            {
              signal: run.signal,
              onPromptProgress: (readTokens, totalTokens) =>
                run.setPhase({ phase: 'reading', readTokens, totalTokens }),
              onText: (text) => run.append(text),
            },
          ),
      )
      const card = runtime && result && runCard({ run, chat, model, runtime, sampling, result })
      if (card) this.#tellSpeed(model, card)
      return { status: this.#statusOf(result), failure: null, runCard: card }
    } catch (error) {
      const failure =
        error instanceof AppFailure ? error : internalFailure(this.#log, 'An answer failed unexpectedly', error)
      const status = failure.code === 'ENGINE_CRASHED' ? 'interrupted' : 'failed'
      return { status, failure: failure.toFailure(), runCard: null }
    }
  }

  #tellSpeed(model: Model, { answerTokens, draft, tokensPerSecond }: RunCard): void {
    const speed = draft ? draft.plainTokensPerSecond : tokensPerSecond
    if (speed === null || answerTokens < minTokensForSpeed) return
    try {
      this.#onSpeed(model, speed)
    } catch (error) {
      this.#log.warn('The speed of an answer was not noted', { reason: String(error) })
    }
  }

  #statusOf(result: GenerateResult | null): Message['status'] {
    if (result && result.stopReason !== 'stopped') return 'complete'
    return this.#isClosing ? 'interrupted' : 'stopped'
  }
}
