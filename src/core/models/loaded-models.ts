/**
 * The engines of the models that are loaded or were. One model is current: the one that became
 * ready last. Another one stays loaded only as long as answers use it, so that a running answer
 * never loses its engine to a person who picks another model, and the memory is free soon after.
 * Until the current model has a successor that is ready, it keeps working.
 */
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadState, Model } from '../../shared/contract/models.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { GenerateRequest } from '../../shared/engine/messages.ts'
import { defaultLoadSettings } from '../../shared/contract/load-settings.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { automaticThreads } from '../engine/automatic-threads.ts'
import type { EngineStarter } from '../engine/engine-starter.ts'
import { EngineSupervisor } from '../engine/engine-supervisor.ts'
import type { Log } from '../ports.ts'

const closeDeadlineMs = 5_000
/** Stands among an engine's users for a measurement of thread counts. */
const measurement = Symbol('measurement')

export interface UseOptions {
  /** Ends the waiting; the work has to heed it by itself. */
  signal?: AbortSignal
  /** Called if others use the model now. */
  onWaiting?: () => void
  /** The state of the model when the turn has come, and each change until the work is done. */
  onLoadState?: (state: LoadState) => void
}

/** What loading needs to know of a model. */
export type LoadableModel = Pick<Model, 'id' | 'name' | 'path'>

interface LoadedModelsOptions {
  starter: EngineStarter
  log: Log
  getSettings: () => Settings
  onLoadState: (modelId: string, state: LoadState) => void
}

interface Engine {
  model: LoadableModel
  supervisor: EngineSupervisor
  /** Chats that use it or wait for their turn. */
  users: Set<string | typeof measurement>
  /** Resolves when the last of the turns taken so far is over. */
  turns: Promise<void>
  /** Of the user whose turn it is. */
  onLoadState?: (state: LoadState) => void
  /** The load under way, if it was asked for here. */
  loading: Promise<unknown> | null
}

export class LoadedModels {
  readonly #options: LoadedModelsOptions
  readonly #engines = new Map<string, Engine>()
  #currentId: string | null = null

  constructor(options: LoadedModelsOptions) {
    this.#options = options
  }

  /** By model id; models that were never loaded have none. */
  loadStates(): Record<string, LoadState> {
    return Object.fromEntries([...this.#engines].map(([id, { supervisor }]) => [id, supervisor.loadState]))
  }

  /** Whether an answer is being made or a model loaded. */
  get isBusy(): boolean {
    return [...this.#engines.values()].some(({ users, supervisor }) => users.size > 0 || isLoading(supervisor))
  }

  /**
   * Loads a model on a person's wish, and makes it current when it is ready. Other loads under way
   * that no answer waits for are cancelled. Rejects with the codes of `models.load`.
   */
  async load(model: LoadableModel, force: boolean): Promise<void> {
    for (const other of this.#engines.values()) {
      if (other.model.id !== model.id && other.users.size === 0) this.cancelLoad(other.model.id)
    }
    const engine = this.#engineOf(model)
    if (engine.supervisor.loadState.state === 'ready') return this.#makeCurrent(model.id)
    await (engine.loading ?? this.#startLoading(engine, force))
  }

  cancelLoad(modelId: string): void {
    const supervisor = this.#engines.get(modelId)?.supervisor
    if (supervisor && isLoading(supervisor)) void supervisor.unload()
  }

  /** Stops its answer, if one is running. */
  async unload(modelId: string): Promise<void> {
    await this.#engines.get(modelId)?.supervisor.unload()
  }

  /**
   * Does `work` with the model's engine: after all who asked before, with its loading begun if it is
   * not loaded (a request to the engine waits for it), and keeping it loaded until `work` is done.
   * null if `signal` aborts before the turn has come.
   */
  async use<T>(
    model: LoadableModel,
    user: string | typeof measurement,
    { signal, onWaiting, onLoadState }: UseOptions,
    work: (engine: EngineSupervisor) => Promise<T>,
  ): Promise<T | null> {
    const engine = this.#engineOf(model)
    const before = engine.turns
    const turn = Promise.withResolvers<void>()
    engine.turns = before.then(() => turn.promise)
    if (engine.users.size > 0) onWaiting?.()
    engine.users.add(user)
    try {
      await Promise.race([before, aborted(signal)])
      if (signal?.aborted) return null
      engine.onLoadState = onLoadState
      if (mustLoad(engine.supervisor.loadState)) void this.#startLoading(engine, false)
      onLoadState?.(engine.supervisor.loadState)
      return await work(engine.supervisor)
    } finally {
      if (engine.onLoadState === onLoadState) engine.onLoadState = undefined
      engine.users.delete(user)
      turn.resolve()
      this.#retire()
    }
  }

  /** null unless the model is loaded. Rejects with TEMPLATE_FAILED, or ENGINE_CRASHED. */
  async countPrompt(modelId: string, prompt: GenerateRequest['prompt']) {
    return (await this.#engines.get(modelId)?.supervisor.countPrompt(prompt)) ?? null
  }

  /** Throws CHAT_BUSY if an answer uses the model or waits for it. */
  async measureThreads(model: LoadableModel) {
    const chatId = [...this.#engineOf(model).users].find((user) => user !== measurement)
    if (chatId !== undefined) throw new AppFailure('CHAT_BUSY', { chatId })
    const counts = sensibleThreadCounts(availableParallelism())
    return (await this.use(model, measurement, {}, (engine) => engine.measureThreads(counts)))!
  }

  /** Ends all engines; resolves when they are gone, or after 5 s. */
  async close(): Promise<void> {
    const ends = [...this.#engines.values()].map(({ supervisor }) => supervisor.unload())
    await Promise.race([Promise.all(ends), sleep(closeDeadlineMs, undefined, { ref: false })])
  }

  #engineOf(model: LoadableModel): Engine {
    const known = this.#engines.get(model.id)
    if (known) return Object.assign(known, { model })
    const { starter, log } = this.#options
    const engine: Engine = {
      model,
      supervisor: new EngineSupervisor({
        modelName: model.name,
        starter,
        log,
        onLoadState: (state) => this.#loadStateChanged(engine, state),
      }),
      users: new Set(),
      turns: Promise.resolve(),
      loading: null,
    }
    this.#engines.set(model.id, engine)
    return engine
  }

  #startLoading(engine: Engine, force: boolean): Promise<unknown> {
    const settings = this.#options.getSettings()
    const loading = engine.supervisor.load({
      path: engine.model.path,
      gpu: settings.gpu,
      automaticThreads: automaticThreads(settings, availableParallelism()),
      settings: { ...defaultLoadSettings, adapters: [], draft: { type: 'none' } },
      force,
    })
    engine.loading = loading
    const over = () => {
      if (engine.loading === loading) engine.loading = null
    }
    void loading.then(over, over)
    return loading
  }

  #loadStateChanged(engine: Engine, state: LoadState): void {
    this.#options.onLoadState(engine.model.id, state)
    engine.onLoadState?.(state)
    if (state.state === 'ready') this.#makeCurrent(engine.model.id)
  }

  #makeCurrent(modelId: string): void {
    this.#currentId = modelId
    this.#retire()
  }

  #retire(): void {
    for (const { model, supervisor, users } of this.#engines.values()) {
      const isIdle = users.size === 0 && supervisor.loadState.state === 'ready'
      if (isIdle && model.id !== this.#currentId) void supervisor.unload()
    }
  }
}

function isLoading(supervisor: EngineSupervisor): boolean {
  return supervisor.loadState.state === 'loading'
}

/** After a crash the supervisor restarts by itself, and knows when to give up. */
function mustLoad(load: LoadState): boolean {
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
