/** Shows prompts as their model reads them: counted, by part, token by token. Nothing is loaded to look at a prompt. */
import type { Attachment } from '../../shared/contract/attachments.ts'
import type { Message, RunCard } from '../../shared/contract/chats.ts'
import type { PromptCount } from '../../shared/contract/generation.ts'
import type { Model } from '../../shared/contract/models.ts'
import type { CountedPrompt, GenerateRequest } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { EngineSupervisor } from '../engine/engine-supervisor.ts'
import { planAnswer, type AnswerPlan } from './answer-plan.ts'
import { reservedTokens } from './context-policy.ts'
import { buildPlan, contextCut, cutRange, fitPrompt, type FittedPrompt } from './fit-prompt.ts'
import type { GenerationOptions } from './generation-options.ts'
import { partsWithTokens, promptParts, tokensByKind } from './prompt-parts.ts'
import { newPathMessage, pathTo } from './thread-path.ts'

export interface Unsent {
  chatId: string
  parentId: string | null
  text: string
  attachments: Attachment[]
}

/** Of a token in an answer. */
const choiceCount = 8
/** Counts of cuts that are remembered. */
const mostKnownCuts = 100

export class PromptViews {
  readonly #options: GenerationOptions
  /** Tokens that a cut saves, by model and cut: the whole of a long chat is not counted at every keystroke. */
  readonly #savedByCut = new Map<string, number>()

  constructor(options: GenerationOptions) {
    this.#options = options
  }

  /** The plan's prompt, if it were sent now; null where its model is not loaded. Rejects as `fitPrompt` does. */
  async fit(plan: AnswerPlan): Promise<FittedPrompt | null> {
    const engine = this.#options.models.loaded(plan.model.id)
    if (engine?.loadState.state !== 'ready') return null
    const { runtime } = engine.loadState
    const count = (prompt: GenerateRequest['prompt']) => unlessItDied(engine.countPrompt(prompt))
    return fitPrompt(plan, { runtime, count, readAttachment: this.#options.readAttachment })
  }

  /** See the contract. */
  async countPrompt(unsent: Unsent): Promise<PromptCount | null> {
    const plan = await this.#planOf(unsent)
    const fitted = await this.fit(plan)
    return fitted && this.#count(plan, fitted, fitted.counted)
  }

  async countText(chatId: string, text: string): Promise<number | null> {
    const { chats, models } = this.#options
    const model = await models.forChat(chats.get(chatId).modelId)
    const engine = models.loaded(model.id)
    return engine && unlessItDied(engine.countText(text))
  }

  /** Of a message before it is sent. */
  async inspectNext(unsent: Unsent) {
    const plan = await this.#planOf(unsent)
    const fitted = await this.fit(plan)
    return fitted && this.#inspect(plan, fitted, null, null)
  }

  /** Of an answer that was made; null where its model is not loaded, or was never known. */
  async inspectAnswer(answerId: string) {
    const answer = this.#answer(answerId)
    const card = answer.runCard
    const model = card && this.#options.models.find(card.model.id)
    if (!model) return null
    const plan = await this.#pastPlan(answer, card, model)
    const cut = cutRange(plan.path, card.cut)
    const built = await buildPlan(plan, cut, this.#options.readAttachment)
    const engine = this.#options.models.loaded(model.id)
    const counted = engine && (await unlessItDied(engine.countPrompt(built.prompt)))
    if (!counted || engine.loadState.state !== 'ready') return null
    const fitted: FittedPrompt = {
      runtime: engine.loadState.runtime,
      built,
      counted,
      cut,
      isNewCut: false,
      reservedTokens: reservedTokens(counted.contextSize, card.sampling.maxTokens),
      isTooLong: false,
    }
    return this.#inspect(plan, fitted, answerId, card.cachedTokens)
  }

  /** See the contract. Loads the model of the answer. */
  async answerTokens(answerId: string) {
    const { models, readAttachment } = this.#options
    const answer = this.#answer(answerId)
    const model = answer.runCard && models.find(answer.runCard.model.id)
    if (!model) throw new AppFailure('NO_MODEL', {})
    const plan = { ...(await this.#pastPlan(answer, answer.runCard!, model)), answerStart: '' }
    const { prompt } = await buildPlan(plan, cutRange(plan.path, answer.runCard!.cut), readAttachment)
    const input = { prompt, answer: answer.text, choiceCount }
    const tokens = await models.use(model, answer.chatId, {}, (engine) => engine.answerTokens(input))
    return tokens!
  }

  #planOf({ chatId, parentId, text, attachments }: Unsent): Promise<AnswerPlan> {
    const { chats } = this.#options
    const path = [...pathTo(chats, chatId, parentId), newPathMessage(text, attachments)]
    return planAnswer(this.#options, chats.get(chatId), path)
  }

  /** As the answer's run card says. */
  async #pastPlan(answer: Message, card: RunCard, model: Model): Promise<AnswerPlan> {
    const { chats } = this.#options
    return {
      chat: chats.get(answer.chatId),
      model,
      systemPrompt: card.systemPrompt,
      sampling: card.sampling,
      policy: card.cut?.policy ?? 'stop',
      path: chats.path(answer.parentId!),
      answerStart: answer.text.slice(0, card.givenCharacters),
    }
  }

  #answer(answerId: string): Message {
    const message = this.#options.chats.getMessage(answerId)
    if (message.role === 'assistant') return message
    throw new AppFailure('NOT_FOUND', { what: 'message', id: answerId })
  }

  async #inspect(plan: AnswerPlan, fitted: FittedPrompt, answerId: string | null, pastCachedTokens: number | null) {
    const engine = this.#options.models.loaded(plan.model.id)
    const inspected = engine && (await unlessItDied(engine.inspectPrompt(fitted.built.prompt)))
    if (!engine || !inspected) return null
    const cachedTokens = pastCachedTokens ?? inspected.cachedTokens
    const count = await this.#count(plan, fitted, { ...inspected, cachedTokens })
    const parts = await this.#parts(plan, fitted, engine, inspected, answerId)
    const modelName = plan.model.name
    return { ...count, parts: partsWithTokens(parts, inspected.tokens, cachedTokens), modelName }
  }

  async #count(plan: AnswerPlan, fitted: FittedPrompt, counted: CountedPrompt): Promise<PromptCount> {
    const { promptTokens, contextSize, cachedTokens } = counted
    const engine = this.#options.models.loaded(plan.model.id)
    const parts = tokensByKind(await this.#parts(plan, fitted, engine, counted, null))
    const cut = contextCut(plan, fitted)
    const wholeTokens = cut && promptTokens + (await this.#savedTokens(plan, fitted, engine))
    return {
      promptTokens,
      contextSize,
      cachedTokens,
      reservedTokens: fitted.reservedTokens,
      parts,
      cut: cut && { ...cut, wholeTokens: wholeTokens! },
    }
  }

  async #parts(
    { path }: AnswerPlan,
    { built, cut }: FittedPrompt,
    engine: EngineSupervisor | null,
    { segments }: CountedPrompt,
    answerId: string | null,
  ) {
    const summaryTokens = built.summaryText === '' ? 0 : ((await engine?.countText(built.summaryText)) ?? 0)
    const summaryMessageId = cut && path[cut.to]!.id
    return promptParts(segments, { built, path, summaryTokens, summaryMessageId, answerId })
  }

  /** What the whole path would take more than what is left of it. */
  async #savedTokens(plan: AnswerPlan, fitted: FittedPrompt, engine: EngineSupervisor | null): Promise<number> {
    const { path, model } = plan
    const { cut, counted } = fitted
    const key = [model.id, path[cut!.from]!.id, path[cut!.to]!.id, path[cut!.to]!.summary?.text].join()
    const known = this.#savedByCut.get(key)
    if (known !== undefined) return known
    const { prompt } = await buildPlan(plan, null, this.#options.readAttachment)
    const whole = engine && (await unlessItDied(engine.countPrompt(prompt)))
    if (!whole) return 0
    const saved = whole.promptTokens - counted.promptTokens
    if (this.#savedByCut.size >= mostKnownCuts) this.#savedByCut.clear()
    this.#savedByCut.set(key, saved)
    return saved
  }
}

/** If the engine died while it counted, no engine is loaded to count with: null. */
async function unlessItDied<T>(result: Promise<T | null>): Promise<T | null> {
  try {
    return await result
  } catch (error) {
    if (error instanceof AppFailure && error.code === 'ENGINE_CRASHED') return null
    throw error
  }
}
