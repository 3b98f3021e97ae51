import type { Settings } from '../../shared/contract/settings.ts'
import { unloadsAt, type ModelEngine } from './model-engine.ts'

/** The settings may have changed meanwhile. */
const maxPauseMs = 30_000
const tellPeriodMs = 1_000

/** Unloads models whose time is over, and has everyone told when that will be. */
export class IdleModels {
  readonly #engines: ReadonlyMap<string, ModelEngine>
  readonly #getSettings: () => Settings
  readonly #tell: (engine: ModelEngine) => void
  #timer: NodeJS.Timeout | undefined

  constructor(
    engines: ReadonlyMap<string, ModelEngine>,
    getSettings: () => Settings,
    tell: (engine: ModelEngine) => void,
  ) {
    this.#engines = engines
    this.#getSettings = getSettings
    this.#tell = tell
  }

  /** To be called when a use or a load begins or ends; `told` of an engine is told once a second at most. */
  check(): void {
    clearTimeout(this.#timer)
    const now = Date.now()
    const settings = this.#getSettings()
    let nextAt = now + maxPauseMs
    for (const engine of this.#engines.values()) {
      if (engine.supervisor.loadState.state !== 'ready') continue
      const at = unloadsAt(engine, settings)
      if (at !== null && at <= now) {
        void engine.supervisor.unload()
        continue
      }
      const mayTellAt = engine.told.at + tellPeriodMs
      const isNews = at !== engine.told.unloadsAt
      if (isNews && mayTellAt <= now) this.#tell(engine)
      nextAt = Math.min(nextAt, at ?? Infinity, isNews && mayTellAt > now ? mayTellAt : Infinity)
    }
    this.#timer = setTimeout(() => this.check(), nextAt - now).unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
