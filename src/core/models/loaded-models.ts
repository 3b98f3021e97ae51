/**
 * The engines of the models that are loaded or were. Several models may be loaded at once. What an
 * answer uses stays loaded; the others stay as long as there is memory, and are unloaded, the longest
 * unused first, when another model needs theirs or when nobody used them for the set time.
 *
 * A model is loaded by hand (a person's wish, or an answer in a chat) or by a program's request. One that a
 * request loaded gives way to the next such model, and to another way of loading it; one loaded by hand never does.
 */
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { LoadState, Runtime } from '../../shared/contract/models.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { EngineStarter } from '../engine/engine-starter.ts'
import { EngineSupervisor, type ChatStates, type EngineState } from '../engine/engine-supervisor.ts'
import type { Log } from '../ports.ts'
import { IdleModels } from './idle-models.ts'
import {
  isLoading,
  loadStateOf,
  measurement,
  mustLoad,
  mustReload,
  overridesWith,
  suits,
  type LoadableModel,
  type LoadOptions,
  type ModelEngine,
  type OnDemand,
  type Use,
  type UseOptions,
} from './model-engine.ts'
import { loadingDone, ModelLoading, type ModelLoadingOptions } from './model-loading.ts'
import { sensibleThreadCounts } from './sensible-thread-counts.ts'
import { Turns } from './turns.ts'

export type { LoadableModel, OnDemand }

const closeDeadlineMs = 5_000

interface LoadedModelsOptions extends ModelLoadingOptions {
  starter: EngineStarter
  log: Log
  onLoadState: (modelId: string, state: LoadState) => void
  /** Every time a model has become ready, with the overrides it was loaded with. */
  onReady: (model: LoadableModel, runtime: Runtime) => void
  /** Keeps the KV states of chats when an engine ends; missing = they are lost. */
  states?: ChatStates
}

export class LoadedModels {
  readonly #options: LoadedModelsOptions
  readonly #engines = new Map<string, ModelEngine>()
  readonly #idle: IdleModels
  readonly #loading: ModelLoading

  constructor(options: LoadedModelsOptions) {
    this.#options = options
    const publish = (engine: ModelEngine) => this.#publish(engine)
    this.#idle = new IdleModels(this.#engines, options.getSettings, publish)
    this.#loading = new ModelLoading(this.#engines, options, publish, () => this.#idle.check())
    this.#idle.check()
  }

  /** By model id; models that were never loaded have none. */
  loadStates(): Record<string, LoadState> {
    const settings = this.#options.getSettings()
    return Object.fromEntries([...this.#engines].map(([id, engine]) => [id, loadStateOf(engine, settings)]))
  }

  /** Whether an answer is being made or a model loaded. */
  get isBusy(): boolean {
    return [...this.#engines.values()].some((engine) => engine.users.size > 0 || isLoading(engine))
  }

  /** Loads a model on a person's wish. Rejects with the codes of `models.load`. */
  async load(model: LoadableModel, options: LoadOptions = {}): Promise<void> {
    const { force = false, reload = false, instead = false, ttlSeconds } = options
    for (const other of instead ? this.#engines.values() : []) {
      if (other.model.id !== model.id && other.users.size === 0) this.cancelLoad(other.model.id)
    }
    const engine = this.#engineOf(model)
    const loadOverrides = overridesWith(model, options.loadOverrides)
    Object.assign(engine, { loadedBy: 'hand', ttlSeconds, usedAt: Date.now() })
    const mustStart = engine.loading
      ? reload && !isDeepStrictEqual(engine.loading.loadOverrides, loadOverrides)
      : reload || engine.supervisor.loadState.state !== 'ready'
    if (mustStart) this.#loading.start(engine, loadOverrides, force)
    if (engine.loading) return loadingDone(engine)
    this.#setPlaces(engine)
    this.#publish(engine)
    this.#idle.check()
  }

  /** Who waits for it is told so. */
  cancelLoad(modelId: string): void {
    const engine = this.#engines.get(modelId)
    if (!engine || !isLoading(engine)) return
    const { loading, supervisor, turns, model } = engine
    engine.loading = null
    loading?.cancelling.abort()
    void supervisor.unload()
    this.#publish(engine)
    turns.refuse(() => true, new AppFailure('LOAD_CANCELLED', { path: model.path }))
  }

  /** Stops its answers, if any are running. */
  async unload(modelId: string): Promise<void> {
    this.cancelLoad(modelId)
    await this.#engines.get(modelId)?.supervisor.unload()
  }

  /** Whatever is loaded from that file. */
  async unloadFile(path: string): Promise<void> {
    const engines = [...this.#engines.values()].filter(({ model }) => model.path === path)
    await Promise.all(engines.map(({ model }) => this.unload(model.id)))
  }

  /** Unloads it as soon as nobody uses it. */
  retire(modelId: string): void {
    const engine = this.#engines.get(modelId)
    if (!engine) return
    Object.assign(engine, { loadedBy: 'request', ttlSeconds: 0 })
    if (engine.users.size === 0) this.cancelLoad(modelId)
    this.#idle.check()
  }

  /**
   * Does `work` with the model's engine when a slot is free, after loading it if it is not loaded, and keeps it
   * loaded until `work` is done. Those who wait for a load share its failure. null if `signal` aborts before the
   * work began.
   */
  async use<T>(
    model: LoadableModel,
    user: Use['chatId'],
    { party = 'window', onDemand, signal, onWaiting, onLoadState }: UseOptions,
    work: (engine: EngineSupervisor) => Promise<T>,
  ): Promise<T | null> {
    const use: Use = { chatId: user, party, onDemand: onDemand ?? null }
    if (onDemand) this.#checkMayUse(model, use)
    const engine = this.#engineOf(model)
    engine.users.add(use)
    this.#idle.check()
    let hasTurn = false
    try {
      if (engine.turns.mustWait(use)) onWaiting?.()
      hasTurn = await engine.turns.take(use, signal)
      if (!hasTurn) return null
      if (onLoadState) engine.listeners.add(onLoadState)
      onLoadState?.(engine.supervisor.loadState)
      await Promise.race([this.#prepare(engine, use), aborted(signal)])
      if (signal?.aborted) return null
      return await work(engine.supervisor)
    } finally {
      if (onLoadState) engine.listeners.delete(onLoadState)
      engine.users.delete(use)
      engine.usedAt = Date.now()
      if (hasTurn) engine.turns.giveBack()
      this.#idle.check()
    }
  }

  /** The engine of a model that is loaded, to count with; null of any other. */
  loaded(modelId: string): EngineSupervisor | null {
    const supervisor = this.#engines.get(modelId)?.supervisor
    return supervisor?.loadState.state === 'ready' ? supervisor : null
  }

  /** Throws CHAT_BUSY if an answer uses the model or waits for it. */
  async measureThreads(model: LoadableModel) {
    const chatIds = [...this.#engineOf(model).users].map(({ chatId }) => chatId)
    const chatId = chatIds.find((chatId) => chatId !== measurement)
    if (chatId !== undefined) throw new AppFailure('CHAT_BUSY', { chatId })
    const counts = sensibleThreadCounts(availableParallelism())
    return (await this.use(model, measurement, {}, (engine) => engine.measureThreads(counts)))!
  }

  /** Unloads it if its settings have changed since it was loaded. Throws CHAT_BUSY if an answer uses it then. */
  async unloadIfChanged({ id, loadOverrides }: LoadableModel): Promise<void> {
    const engine = this.#engines.get(id)
    if (!engine || isDeepStrictEqual(engine.loadOverrides, loadOverrides)) return
    const [user] = engine.users
    if (user) throw new AppFailure('CHAT_BUSY', { chatId: String(user.chatId) })
    await this.unload(id)
  }

  /** Ends all engines; resolves when they are gone, or after 5 s. */
  async close(): Promise<void> {
    this.#idle.stop()
    const ends = [...this.#engines.keys()].map((id) => this.unload(id))
    await Promise.race([Promise.all(ends), sleep(closeDeadlineMs, undefined, { ref: false })])
  }

  #engineOf(model: LoadableModel): ModelEngine {
    const known = this.#engines.get(model.id)
    if (known) return Object.assign(known, { model })
    const { starter, log, states } = this.#options
    const engine: ModelEngine = {
      model,
      supervisor: new EngineSupervisor({
        modelName: model.name,
        starter,
        log,
        states,
        onLoadState: (state) => this.#loadStateChanged(engine, state),
      }),
      users: new Set(),
      turns: new Turns((use) => this.#requestsMayLoad && mustReload(engine, use)),
      listeners: new Set(),
      loading: null,
      loadOverrides: {},
      loadedBy: 'hand',
      ttlSeconds: undefined,
      usedAt: Date.now(),
      told: { unloadsAt: null, at: 0 },
    }
    this.#engines.set(model.id, engine)
    return engine
  }

  get #requestsMayLoad(): boolean {
    return this.#options.getSettings().apiLoadsOnDemand
  }

  /** Throws what a request is refused with. */
  #checkMayUse({ id, name }: LoadableModel, use: Use): void {
    const engine = this.#engines.get(id)
    if (!this.#requestsMayLoad && (!engine || mustLoad(engine))) throw new AppFailure('MODEL_NOT_LOADED', { name })
    if (!engine?.turns.mustWait(use)) return
    const waiting = engine.turns.waitingCount
    const { apiMaxWaiting } = this.#options.getSettings()
    if (waiting >= apiMaxWaiting) throw new AppFailure('SERVER_BUSY', { model: name, waiting })
  }

  /** Has it loaded for the one whose turn it is, and as they want it if it is theirs to choose. */
  async #prepare(engine: ModelEngine, use: Use): Promise<void> {
    const { onDemand } = use
    const loadOverrides = overridesWith(engine.model, onDemand?.loadChanges)
    if (mustLoad(engine)) {
      if (onDemand && !this.#requestsMayLoad) throw new AppFailure('MODEL_NOT_LOADED', { name: engine.model.name })
      Object.assign(engine, { loadedBy: onDemand ? 'request' : 'hand', ttlSeconds: onDemand?.ttlSeconds })
      this.#loading.start(engine, loadOverrides)
    } else if (onDemand && engine.loadedBy === 'request') {
      if (onDemand.ttlSeconds !== undefined) engine.ttlSeconds = onDemand.ttlSeconds
      // Only while it is loaded does anybody else have a turn: who began this load has left.
      const isForNobody = engine.loading !== null && !suits(engine.loading.loadOverrides, use)
      if (this.#requestsMayLoad && (isForNobody || mustReload(engine, use))) {
        this.#loading.start(engine, loadOverrides)
      }
    }
    await loadingDone(engine)
  }

  #loadStateChanged(engine: ModelEngine, state: EngineState): void {
    if (state.state === 'ready') {
      engine.loading = null
      engine.usedAt = Date.now()
      const { model, loadOverrides } = engine
      this.#options.onReady({ ...model, loadOverrides }, state.runtime)
    }
    // In between, while others are unloaded for it, a load is neither failed nor over.
    if (!engine.loading || state.state === 'loading') this.#publish(engine)
    for (const listener of engine.listeners) listener(state)
    this.#setPlaces(engine)
  }

  /** Until it is ready, one has the turn who sees to it. */
  #setPlaces({ supervisor, turns }: ModelEngine): void {
    turns.count = supervisor.loadState.state === 'ready' ? supervisor.loadState.runtime.slots : 1
  }

  #publish(engine: ModelEngine): void {
    const state = loadStateOf(engine, this.#options.getSettings())
    engine.told = { unloadsAt: state.state === 'ready' ? state.unloadsAt : null, at: Date.now() }
    this.#options.onLoadState(engine.model.id, state)
  }
}

/** Resolves when `signal` aborts. */
function aborted(signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal?.aborted) resolve()
  signal?.addEventListener('abort', () => resolve(), { once: true })
  return promise
}
