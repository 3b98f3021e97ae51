/** Answers that belong to no chat, for the HTTP APIs and `yangtuo run`. Nothing of them is saved. */
import type { InferenceEvent, InferenceRequest } from '../../shared/contract/inference.ts'
import type { Preset } from '../../shared/contract/presets.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { EngineSupervisor } from '../engine/engine-supervisor.ts'
import { internalFailure } from '../internal-failure.ts'
import type { OnDemand } from '../models/loaded-models.ts'
import type { Log } from '../ports.ts'
import type { ActiveRequest, Activity } from './activity.ts'
import { AnswerEvents } from './answer-events.ts'
import { answerRequest } from './answer-request.ts'
import type { EmbedRequest, FoundModel, Inference, InferenceClient, ListedModel } from './inference.ts'
import { NamedModels, loadableOf, type NamedModelsOptions } from './named-models.ts'
import { planRequest } from './request-plan.ts'

export interface InferenceServiceOptions extends NamedModelsOptions {
  activity: Activity
  listPresets: () => readonly Preset[]
  log: Log
}

export class InferenceService implements Inference {
  readonly #options: InferenceServiceOptions
  readonly #named: NamedModels

  constructor(options: InferenceServiceOptions) {
    this.#options = options
    this.#named = new NamedModels(options)
  }

  models(): ListedModel[] {
    return this.#named.list()
  }

  find(name: string): FoundModel {
    return this.#named.find(name)
  }

  async *generate(
    request: InferenceRequest,
    client: InferenceClient,
    signal: AbortSignal,
  ): AsyncGenerator<InferenceEvent, void, void> {
    const stop = new AbortController()
    const abort = () => stop.abort()
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    const events = new AnswerEvents()
    void this.#answer(request, client, stop.signal, events)
    try {
      yield* events.read(stop.signal)
    } finally {
      abort()
      signal.removeEventListener('abort', abort)
    }
  }

  async embed({ model, texts, ttlSeconds }: EmbedRequest, client: InferenceClient, signal: AbortSignal) {
    const found = await this.#foundAtStart(model)
    const embedded = await this.#use(found, { ttlSeconds }, client, signal, (engine) => engine.embed(texts, signal))
    return { model: found.name, vectors: embedded.vectors, promptTokens: embedded.tokenCount }
  }

  async countTokens(
    request: Pick<InferenceRequest, 'model' | 'prompt' | 'ttlSeconds' | 'contextSize'>,
    client: InferenceClient,
    signal: AbortSignal,
  ): Promise<{ promptTokens: number }> {
    const found = await this.#foundAtStart(request.model)
    const { prompt, onDemand } = this.#plan(found, request)
    const counted = await this.#use(found, onDemand, client, signal, (engine) => engine.countPrompt(prompt))
    if (!counted) throw new AppFailure('ENGINE_CRASHED', { model: found.name, reason: '' })
    return { promptTokens: counted.promptTokens }
  }

  /** Never rejects: the events end with what went wrong. */
  async #answer(request: InferenceRequest, client: InferenceClient, signal: AbortSignal, events: AnswerEvents) {
    const { models, activity, log } = this.#options
    const texts = activity.log.isOn ? { prompt: '', answer: '' } : null
    let active: ActiveRequest | undefined
    const emit = (event: InferenceEvent) => {
      active!.follow(event)
      events.push(event)
    }
    try {
      const found = await this.#foundAtStart(request.model)
      active = activity.begin(client, found.name)
      const onTokens = (answerTokens: number) => active!.wrote(answerTokens)
      const plan = this.#plan(found, request)
      await answerRequest({ models, client, request, plan, signal, emit, onTokens, texts })
      active.end(null, texts)
      events.end()
    } catch (error) {
      const failure = error instanceof AppFailure ? error : internalFailure(log, 'An answer failed unexpectedly', error)
      active?.end(failure.code, texts)
      events.end(failure)
    }
  }

  #plan(found: FoundModel, request: Parameters<typeof planRequest>[2]) {
    const { getSettings, listPresets } = this.#options
    return planRequest({ getSettings, listPresets, find: (name) => this.find(name) }, found, request)
  }

  /** When the app has only just started, the bundled model is still being looked at. */
  async #foundAtStart(name: string): Promise<FoundModel> {
    try {
      return this.find(name)
    } catch {
      await this.#options.models.forChat(null).catch(() => {})
      return this.find(name)
    }
  }

  /** Rejects with the reason of `signal` when that aborts. */
  async #use<T>(
    found: FoundModel,
    onDemand: OnDemand,
    { party }: InferenceClient,
    signal: AbortSignal,
    work: (engine: EngineSupervisor) => Promise<T>,
  ): Promise<T> {
    const done = await this.#options.models.use(loadableOf(found), '', { party, onDemand, signal }, async (engine) =>
      (await engine.ready(signal)) ? { result: await work(engine) } : null,
    )
    signal.throwIfAborted()
    return done!.result
  }
}
