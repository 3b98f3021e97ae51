/**
 * The engines of the models that are loaded or were. Several models may be loaded at once. What an
 * answer uses stays loaded; the others stay as long as there is memory, and are unloaded, the longest
 * unused first, when another model needs theirs or when nobody used them for the set time.
 */
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import type { LoadState, Model, Runtime } from '../../shared/contract/models.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { EngineLoadSettings } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { automaticThreads } from '../engine/automatic-threads.ts'
import type { EngineStarter } from '../engine/engine-starter.ts'
import { EngineSupervisor, type ChatStates, type EngineState } from '../engine/engine-supervisor.ts'
import type { Log } from '../ports.ts'
import { Turns } from './turns.ts'

const closeDeadlineMs = 5_000
const idleCheckMs = 30_000
/** Stands among an engine's users for a measurement of thread counts. */
const measurement = Symbol('measurement')

/** What a program's request wants of the model it uses. */
export interface OnDemand {
  /**
   * If a request loaded it, the model stays so long after its last use: null = for good, 0 = it goes at once; missing
   * = as it was asked for last, or by the settings. The newest wish counts.
   */
  ttlSeconds?: number | null
  /**
   * How it is to be loaded, on top of its own overrides. A model that a request loaded otherwise is loaded anew for
   * it as soon as nobody uses it; one that was loaded by hand stays as it is.
   */
  loadChanges?: LoadOverrides
}

export interface UseOptions {
  /** Those who wait are served in turn by their parties, and in the order they came within one; default: the window. */
  party?: string
  /**
   * The user is a request: rejects with MODEL_NOT_LOADED where it is not loaded and requests may load none, with
   * SERVER_BUSY where as many wait as may.
   */
  onDemand?: OnDemand
  /** Ends the waiting; the work has to heed it by itself. */
  signal?: AbortSignal
  /** Called if others use the model now and no slot is free. */
  onWaiting?: () => void
  /** The state of the model when the turn has come, and each change until the work is done. */
  onLoadState?: (state: EngineState) => void
}

/** What loading needs to know of a model. */
export type LoadableModel = Pick<Model, 'id' | 'name' | 'path' | 'loadOverrides'>

export interface LoadOptions {
  /** Skip the check against free memory. */
  force?: boolean
  /** Load it anew if it is loaded. */
  reload?: boolean
  /** Cancel other loads under way that no answer waits for. */
  instead?: boolean
}

interface LoadedModelsOptions {
  starter: EngineStarter
  log: Log
  getSettings: () => Settings
  /** Rejects with ADAPTER_UNUSABLE or DRAFT_UNUSABLE where a file is not there any more. */
  resolveSettings: (overrides: LoadOverrides) => EngineLoadSettings
  onLoadState: (modelId: string, state: LoadState) => void
  /** Every time a model has become ready. */
  onReady: (model: LoadableModel, runtime: Runtime) => void
  /** Keeps the KV states of chats when an engine ends; missing = they are lost. */
  states?: ChatStates
}

interface Use {
  chatId: string | typeof measurement
}

interface Engine {
  model: LoadableModel
  supervisor: EngineSupervisor
  /** Who uses it or waits for a turn; a chat is there once for each use. */
  users: Set<Use>
  turns: Turns
  /** Of the users whose turn it is. */
  listeners: Set<(state: EngineState) => void>
  /** What it was loaded with last. */
  loadOverrides: LoadOverrides
  /** The load under way, if it was asked for here. */
  loading: Promise<unknown> | null
  /** When its last use ended, ms since 1970. */
  usedAt: number
}

export class LoadedModels {
  readonly #options: LoadedModelsOptions
  readonly #engines = new Map<string, Engine>()
  #idleTimer: NodeJS.Timeout | undefined

  constructor(options: LoadedModelsOptions) {
    this.#options = options
    this.#watchIdle()
  }

  /** By model id; models that were never loaded have none. */
  loadStates(): Record<string, LoadState> {
    return Object.fromEntries([...this.#engines].map(([id, engine]) => [id, loadStateOf(engine)]))
  }

  /** Whether an answer is being made or a model loaded. */
  get isBusy(): boolean {
    return [...this.#engines.values()].some(({ users, supervisor }) => users.size > 0 || isLoading(supervisor))
  }

  /** Loads a model on a person's wish. Rejects with the codes of `models.load`. */
  async load(model: LoadableModel, { force = false, reload = false, instead = false }: LoadOptions = {}): Promise<void> {
    for (const other of instead ? this.#engines.values() : []) {
      if (other.model.id !== model.id && other.users.size === 0) this.cancelLoad(other.model.id)
    }
    const engine = this.#engineOf(model)
    engine.usedAt = Date.now()
    if (engine.supervisor.loadState.state === 'ready' && !reload) return
    await (engine.loading ?? this.#startLoading(engine, force))
  }

  cancelLoad(modelId: string): void {
    const supervisor = this.#engines.get(modelId)?.supervisor
    if (supervisor && isLoading(supervisor)) void supervisor.unload()
  }

  /** Stops its answers, if any are running. */
  async unload(modelId: string): Promise<void> {
    await this.#engines.get(modelId)?.supervisor.unload()
  }

  /**
   * Does `work` with the model's engine when a slot is free, in the order they asked, after loading
   * it if it is not loaded, and keeps it loaded until `work` is done. null if `signal` aborts before
   * the work began.
   */
  async use<T>(
    model: LoadableModel,
    user: string | typeof measurement,
    { signal, onWaiting, onLoadState }: UseOptions,
    work: (engine: EngineSupervisor) => Promise<T>,
  ): Promise<T | null> {
    const engine = this.#engineOf(model)
    const use: Use = { chatId: user }
    engine.users.add(use)
    if (!engine.turns.hasFree) onWaiting?.()
    const hasTurn = await engine.turns.take(signal)
    try {
      if (!hasTurn) return null
      if (onLoadState) engine.listeners.add(onLoadState)
      const { loadState } = engine.supervisor
      onLoadState?.(loadState)
      const loading = mustLoad(loadState) ? this.#startLoading(engine, false) : engine.loading
      if (loading) await Promise.race([loading, aborted(signal)])
      if (signal?.aborted) return null
      return await work(engine.supervisor)
    } finally {
      if (hasTurn) engine.turns.giveBack()
      if (onLoadState) engine.listeners.delete(onLoadState)
      engine.users.delete(use)
      engine.usedAt = Date.now()
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
    await engine.supervisor.unload()
  }

  /** Ends all engines; resolves when they are gone, or after 5 s. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer)
    const ends = [...this.#engines.values()].map(({ supervisor }) => supervisor.unload())
    await Promise.race([Promise.all(ends), sleep(closeDeadlineMs, undefined, { ref: false })])
  }

  #engineOf(model: LoadableModel): Engine {
    const known = this.#engines.get(model.id)
    if (known) return Object.assign(known, { model })
    const { starter, log, states } = this.#options
    const engine: Engine = {
      model,
      supervisor: new EngineSupervisor({
        modelName: model.name,
        starter,
        log,
        states,
        onLoadState: (state) => this.#loadStateChanged(engine, state),
      }),
      users: new Set(),
      turns: new Turns(),
      listeners: new Set(),
      loadOverrides: {},
      loading: null,
      usedAt: Date.now(),
    }
    this.#engines.set(model.id, engine)
    return engine
  }

  #startLoading(engine: Engine, force: boolean): Promise<void> {
    const loading = this.#load(engine, force).finally(() => {
      if (engine.loading === loading) engine.loading = null
    })
    engine.loading = loading
    loading.catch(() => {}) // told through the load state as well
    return loading
  }

  /** Unloads idle models, the longest unused first, until it fits. */
  async #load(engine: Engine, force: boolean): Promise<void> {
    const { model, supervisor } = engine
    const appSettings = this.#options.getSettings()
    const settings = this.#options.resolveSettings(model.loadOverrides)
    engine.loadOverrides = model.loadOverrides
    engine.turns.count = settings.slots ?? 1
    const request = {
      path: model.path,
      gpu: appSettings.gpu,
      automaticThreads: automaticThreads(appSettings, availableParallelism()),
      automaticSlots: 1,
      settings,
      force,
    }
    for (;;) {
      try {
        return void (await supervisor.load(request))
      } catch (error) {
        const idle = error instanceof AppFailure && error.code === 'NOT_ENOUGH_MEMORY' && this.#longestUnused(model.id)
        if (!idle) throw error
        await idle.supervisor.unload()
      }
    }
  }

  /** Of the loaded models that no answer uses. */
  #longestUnused(exceptId: string): Engine | undefined {
    return [...this.#engines.values()]
      .filter((engine) => isIdle(engine) && engine.model.id !== exceptId)
      .sort((a, b) => a.usedAt - b.usedAt)[0]
  }

  #loadStateChanged(engine: Engine, state: EngineState): void {
    if (state.state === 'ready') {
      engine.usedAt = Date.now()
      engine.turns.count = state.runtime.slots
      this.#options.onReady(engine.model, state.runtime)
    }
    this.#options.onLoadState(engine.model.id, loadStateOf(engine))
    for (const listener of engine.listeners) listener(state)
  }

  #watchIdle(): void {
    const { idleUnloadMinutes } = this.#options.getSettings()
    const limitMs = idleUnloadMinutes === null ? Infinity : idleUnloadMinutes * 60_000
    for (const engine of this.#engines.values()) {
      if (isIdle(engine) && Date.now() - engine.usedAt >= limitMs) void engine.supervisor.unload()
    }
    this.#idleTimer = setTimeout(() => this.#watchIdle(), Math.min(idleCheckMs, limitMs)).unref()
  }
}

function loadStateOf({ supervisor, loadOverrides }: Engine): LoadState {
  const state = supervisor.loadState
  return state.state === 'ready' ? { ...state, loadOverrides, loadedBy: 'hand', unloadsAt: null } : state
}

function isIdle({ users, supervisor }: Engine): boolean {
  return users.size === 0 && supervisor.loadState.state === 'ready'
}

function isLoading(supervisor: EngineSupervisor): boolean {
  return supervisor.loadState.state === 'loading'
}

/** After a crash the supervisor restarts by itself, and knows when to give up. */
function mustLoad(load: EngineState): boolean {
  if (load.state !== 'failed') return load.state === 'unloaded'
  return load.failure.code !== 'ENGINE_CRASHED' && load.failure.code !== 'ENGINE_UNSTABLE'
}

/** Resolves when `signal` aborts. */
function aborted(signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal?.aborted) resolve()
  signal?.addEventListener('abort', () => resolve(), { once: true })
  return promise
}

/** A quarter, half, three quarters, all but one, and all of the cores. */
export function sensibleThreadCounts(cores: number): number[] {
  const counts = [cores / 4, cores / 2, (3 * cores) / 4, cores - 1, cores]
  return [...new Set(counts.map((count) => Math.max(1, Math.floor(count))))]
}
