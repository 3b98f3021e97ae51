import { availableParallelism } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { EngineLoadSettings } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { automaticSlots } from '../engine/automatic-slots.ts'
import { automaticThreads } from '../engine/automatic-threads.ts'
import { isIdle, overridesWith, type Load, type ModelEngine, type Use } from './model-engine.ts'

export interface ModelLoadingOptions {
  getSettings: () => Settings
  /** Programs are served now. */
  servesPrograms: () => boolean
  /** Throws ADAPTER_UNUSABLE or DRAFT_UNUSABLE where a file is not there any more. */
  resolveSettings: (overrides: LoadOverrides) => EngineLoadSettings
}

/** Loads models, each once at a time, and unloads others to make room. */
export class ModelLoading {
  readonly #engines: ReadonlyMap<string, ModelEngine>
  readonly #options: ModelLoadingOptions
  readonly #publish: (engine: ModelEngine) => void
  readonly #onEnd: () => void

  /** `onEnd` is called after each load, however it ended. */
  constructor(
    engines: ReadonlyMap<string, ModelEngine>,
    options: ModelLoadingOptions,
    publish: (engine: ModelEngine) => void,
    onEnd: () => void,
  ) {
    this.#engines = engines
    this.#options = options
    this.#publish = publish
    this.#onEnd = onEnd
  }

  /**
   * Takes the place of a load that is under way. If it fails, so do those who wait for a turn and would have it
   * loaded in the same way.
   */
  start(engine: ModelEngine, loadOverrides: LoadOverrides, force = false): void {
    engine.loading?.cancelling.abort()
    const load: Load = { loadOverrides, cancelling: new AbortController(), done: Promise.resolve() }
    engine.loading = load
    load.done = this.#load(engine, load, force)
      .catch((error: unknown) => {
        if (engine.loading === load) {
          engine.loading = null
          const isTheirs = ({ onDemand }: Use) =>
            isDeepStrictEqual(overridesWith(engine.model, onDemand?.loadChanges), loadOverrides)
          engine.turns.refuse(isTheirs, error)
          this.#publish(engine)
        }
        throw error
      })
      .finally(this.#onEnd)
    load.done.catch(() => {}) // told through the load state as well
  }

  /** Unloads idle models, the longest unused first, until it fits. */
  async #load(engine: ModelEngine, { loadOverrides, cancelling }: Load, force: boolean): Promise<void> {
    const { model, supervisor } = engine
    const appSettings = this.#options.getSettings()
    const isForPrograms = engine.loadedBy === 'request' || this.#options.servesPrograms()
    const request = {
      path: model.path,
      gpu: appSettings.gpu,
      automaticThreads: automaticThreads(appSettings, availableParallelism()),
      automaticSlots: automaticSlots(isForPrograms),
      settings: this.#options.resolveSettings(loadOverrides),
      force,
    }
    if (engine.loadedBy === 'request' && appSettings.apiKeepsOneModel) await this.#unloadRequested(engine)
    for (;;) {
      if (cancelling.signal.aborted) throw new AppFailure('LOAD_CANCELLED', { path: model.path })
      engine.loadOverrides = loadOverrides
      try {
        return void (await supervisor.load(request, { signal: cancelling.signal }))
      } catch (error) {
        const idle = error instanceof AppFailure && error.code === 'NOT_ENOUGH_MEMORY' && this.#longestUnused(engine)
        if (!idle) throw error
        await idle.supervisor.unload()
      }
    }
  }

  /** Those that requests loaded. */
  async #unloadRequested(except: ModelEngine): Promise<void> {
    const requested = this.#idle(except).filter(({ loadedBy }) => loadedBy === 'request')
    await Promise.all(requested.map(({ supervisor }) => supervisor.unload()))
  }

  #longestUnused(except: ModelEngine): ModelEngine | undefined {
    return this.#idle(except).sort((a, b) => a.usedAt - b.usedAt)[0]
  }

  #idle(except: ModelEngine): ModelEngine[] {
    return [...this.#engines.values()].filter((engine) => engine !== except && isIdle(engine))
  }
}

/** Resolves when the load under way, if there is one, or the one that took its place, is done. */
export async function loadingDone(engine: ModelEngine): Promise<void> {
  for (let load = engine.loading; load; load = engine.loading) {
    try {
      return await load.done
    } catch (error) {
      if (engine.loading === null || engine.loading === load) throw error
    }
  }
}
