/**
 * Switches the HTTP server for programs on and off. Invariant: one step at a time; each looks at the settings as
 * they are then and makes the server what they say, so changes in quick succession end in the last one. A
 * server that could not start stays wanted: it starts when the settings or the keys allow it.
 */
import type { ApiServerState } from '../../shared/contract/api-server.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { EventStream } from '../event-stream.ts'
import { internalFailure } from '../internal-failure.ts'
import type { Log } from '../ports.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { isLoopback, urlsOf } from './addresses.ts'
import type { ApiKeysService } from './api-keys-service.ts'
import type {
  ApiServerAddress,
  ApiServerOverrides,
  ApiServices,
  OpenApiServer,
  RunningApiServer,
} from './api-services.ts'

export interface ApiServerDependencies {
  settings: SettingsService
  keys: ApiKeysService
  /** Missing where the host cannot serve. */
  open: OpenApiServer | undefined
  overrides: ApiServerOverrides | undefined
  log: Log
}

export class ApiServerService {
  readonly #dependencies: ApiServerDependencies
  readonly #changes = new EventStream<ApiServerState>()
  readonly #ended = new AbortController()
  #services: ApiServices | null = null
  #state: ApiServerState = { state: 'off' }
  #running: { server: RunningApiServer; host: string; port: number } | null = null
  /** By `overrides`, until a person switches it. */
  #isForced: boolean
  #lastStep: Promise<ApiServerState> = Promise.resolve({ state: 'off' })
  /** The wishes that the last step saw. */
  #adaptedTo = ''

  constructor(dependencies: ApiServerDependencies) {
    this.#dependencies = dependencies
    const { overrides, keys } = dependencies
    this.#isForced = overrides !== undefined
    if (overrides?.apiKey) keys.addTemporary(overrides.apiKey)
  }

  /** Opens the server if it is to be on, and follows the settings from then on. Resolves when that is done or failed. */
  async start(services: ApiServices): Promise<void> {
    this.#services = services
    await this.#step()
    void this.#followSettings()
  }

  watch(signal?: AbortSignal) {
    return this.#changes.watch(this.#state, signal)
  }

  /** Throws AppFailure with what keeps it from starting; it stays switched on. UNSUPPORTED: the host cannot serve. */
  async switch(isOn: boolean): Promise<ApiServerState> {
    if (!this.#dependencies.open) throw new AppFailure('UNSUPPORTED', {})
    this.#isForced = false
    this.#dependencies.settings.update({ apiServerEnabled: isOn })
    const state = await this.#step()
    if (state.state === 'failed') throw AppFailure.fromFailure(state.failure)
    return state
  }

  /** A key was created or removed. */
  async keysChanged(): Promise<void> {
    await this.#step()
  }

  async close(): Promise<void> {
    this.#ended.abort()
    await this.#step()
  }

  async #followSettings(): Promise<void> {
    const { settings } = this.#dependencies
    for await (const _ of settings.watch(this.#ended.signal)) {
      await this.#lastStep
      if (wishesOf(settings.get()) !== this.#adaptedTo) await this.#step()
    }
  }

  #step(): Promise<ApiServerState> {
    this.#lastStep = this.#lastStep.then(() => this.#adapt())
    return this.#lastStep
  }

  /** Never rejects: what goes wrong is the state. */
  async #adapt(): Promise<ApiServerState> {
    const settings = this.#dependencies.settings.get()
    this.#adaptedTo = wishesOf(settings)
    const wanted = this.#wantedAddress(settings)
    const running = this.#running
    if (running && running.host === wanted?.host && running.port === wanted.port) {
      return this.#publish(onState(wanted, running.server.port, settings))
    }
    if (running) {
      this.#running = null
      await running.server.close()
    }
    if (!wanted) return this.#publish({ state: 'off' })
    try {
      if (wanted.needsKey && !this.#dependencies.keys.hasKeys) {
        throw new AppFailure('API_KEY_MISSING', { host: wanted.host })
      }
      this.#publish({ state: 'starting' })
      const server = await this.#dependencies.open!(this.#services!, wanted)
      this.#running = { server, host: wanted.host, port: wanted.port }
      return this.#publish(onState(wanted, server.port, settings))
    } catch (error) {
      const failure =
        error instanceof AppFailure ? error : internalFailure(this.#dependencies.log, 'The API server failed', error)
      return this.#publish({ state: 'failed', failure: failure.toFailure() })
    }
  }

  /** null = off. */
  #wantedAddress(settings: Settings): ApiServerAddress | null {
    const { open, overrides } = this.#dependencies
    const isWanted = (this.#isForced || settings.apiServerEnabled) && !this.#ended.signal.aborted
    if (!isWanted || !open || !this.#services) return null
    const host = overrides?.host ?? settings.apiServerHost
    return { host, port: overrides?.port ?? settings.apiServerPort, needsKey: !isLoopback(host) }
  }

  #publish(state: ApiServerState): ApiServerState {
    if (JSON.stringify(state) !== JSON.stringify(this.#state)) {
      this.#state = state
      this.#changes.publish(state)
    }
    return state
  }
}

/** Two settings with the same wishes need no step between them. */
function wishesOf({ apiServerEnabled, apiServerHost, apiServerPort, apiServerNeedsKey }: Settings): string {
  return JSON.stringify([apiServerEnabled, apiServerHost, apiServerPort, apiServerNeedsKey])
}

function onState(address: ApiServerAddress, port: number, settings: Settings): ApiServerState {
  return { state: 'on', urls: urlsOf(address.host, port), needsKey: address.needsKey || settings.apiServerNeedsKey }
}
