/**
 * Memory cannot be taken away for a test, so these engines only speak the protocol: each load takes a
 * share of a made-up memory, which ends with the process. What real engines do with real memory is
 * tested with the supervisor.
 */
import { defaultLoadSettings } from '../../shared/lib/default-load-settings.ts'
import type { LoadState } from '../../shared/contract/models.ts'
import { defaultSettings, type Settings } from '../../shared/contract/settings.ts'
import type { EngineEvent, LoadRequest } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { silentLog } from '../core.fixture.ts'
import type { EngineProcess } from '../engine/engine-starter.ts'
import { LoadedModels } from './loaded-models.ts'
import type { LoadableModel } from './model-engine.ts'

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export const model = (id: string, loadOverrides = {}): LoadableModel => ({
  id,
  name: id,
  path: `/${id}.gguf`,
  loadOverrides,
})

/** Models that are loaded in `memory.total` shares, one each. */
export class FakeEngines {
  readonly memory = { total: 2, taken: 0 }
  loadMs = 0
  /** Every load that was asked of an engine. */
  readonly loads: LoadRequest[] = []
  settings: Settings = { ...defaultSettings }
  servesPrograms = false
  /** What was told of each model, in order. */
  readonly told = new Map<string, LoadState[]>()
  readonly loaded = new LoadedModels({
    starter: () => this.#process(),
    log: silentLog,
    getSettings: () => this.settings,
    servesPrograms: () => this.servesPrograms,
    resolveSettings: (overrides) => ({ ...defaultLoadSettings, ...overrides, adapters: [], draft: { type: 'none' } }),
    onLoadState: (id, state) => this.told.set(id, [...(this.told.get(id) ?? []), state]),
    onReady: () => {},
  })

  /** As everyone was told. */
  get ready(): string[] {
    return [...this.told].filter(([, states]) => states.at(-1)!.state === 'ready').map(([id]) => id)
  }

  /** Of a model that is ready. */
  state(id: string) {
    const state = this.loaded.loadStates()[id]
    if (state?.state !== 'ready') throw new Error(`${id} is ${state?.state}`)
    return state
  }

  #process(): EngineProcess {
    const { memory } = this
    const listeners: ((event: EngineEvent) => void)[] = []
    const exits: ((code: number) => void)[] = []
    let own = 0
    let isAlive = true
    const tell = (event: EngineEvent) => queueMicrotask(() => listeners.forEach((listener) => listener(event)))
    const load = (id: number, request: LoadRequest) => {
      if (!isAlive) return
      if (memory.taken >= memory.total && !request.force) {
        const data = { path: request.path, neededBytes: 1, availableBytes: 0 }
        tell({ type: 'failure', id, failure: new AppFailure('NOT_ENOUGH_MEMORY', data).toFailure() })
      } else {
        own = 1
        memory.taken++
        const slots = request.settings.slots ?? request.automaticSlots
        const contextSize = request.settings.contextSize ?? 8192
        tell({ type: 'result', id, value: { gpu: 'cpu', slots, contextSize } })
      }
    }
    setTimeout(() => tell({ type: 'started' }))
    return {
      send: (request) => {
        if (request.type !== 'call') return
        if (request.name === 'saveStates') tell({ type: 'result', id: request.id, value: null })
        if (request.name !== 'load') return
        this.loads.push(request.input)
        setTimeout(() => load(request.id, request.input), this.loadMs)
      },
      kill() {
        isAlive = false
        memory.taken -= own
        own = 0
        setTimeout(() => exits.forEach((listener) => listener(0)))
      },
      onEvent: (listener) => void listeners.push(listener),
      onExit: (listener) => void exits.push(listener),
    } as EngineProcess
  }
}
