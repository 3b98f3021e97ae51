import type { Settings } from '../../shared/contract/settings.ts'
import { EventStream } from '../event-stream.ts'
import type { SettingsRepository } from './settings-repository.ts'

/** Holds the settings in memory; the database has them before anyone is told of a change. */
export class SettingsService {
  readonly #repository: SettingsRepository
  readonly #changes = new EventStream<Settings>()
  #settings: Settings

  /** `overrides` count instead of what is stored, until they are changed. */
  constructor(repository: SettingsRepository, overrides: Partial<Settings> = {}) {
    this.#repository = repository
    this.#settings = { ...repository.read(), ...overrides }
  }

  get(): Settings {
    return this.#settings
  }

  update(input: Partial<Settings>): Settings {
    const changes = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
    this.#repository.write(changes)
    this.#settings = { ...this.#settings, ...changes }
    this.#changes.publish(this.#settings)
    return this.#settings
  }

  watch(signal?: AbortSignal) {
    return this.#changes.watch(this.#settings, signal)
  }
}
