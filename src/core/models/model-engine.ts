/** What is kept of each model that is loaded or was: its engine, how it was loaded, and who uses it. */
import { isDeepStrictEqual } from 'node:util'
import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import type { LoadState, Model } from '../../shared/contract/models.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import { defaultLoadSettings } from '../../shared/lib/default-load-settings.ts'
import type { EngineState, EngineSupervisor } from '../engine/engine-supervisor.ts'
import type { Turns } from './turns.ts'

/** Stands among an engine's users for a measurement of thread counts. */
export const measurement = Symbol('measurement')

/** What loading needs to know of a model. */
export type LoadableModel = Pick<Model, 'id' | 'name' | 'path' | 'loadOverrides'>

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

export interface LoadOptions {
  /** Skip the check against free memory. */
  force?: boolean
  /** Load it anew if it is loaded. */
  reload?: boolean
  /** Cancel other loads under way that no answer waits for. */
  instead?: boolean
  /** For this load only, on top of the model's own. */
  loadOverrides?: LoadOverrides
  /** It stays so long after its last use: null = for good, missing = by the settings. */
  ttlSeconds?: number | null
}

export interface Use {
  chatId: string | typeof measurement
  party: string
  /** null = a person's. */
  onDemand: OnDemand | null
}

/** A load that was asked for. */
export interface Load {
  loadOverrides: LoadOverrides
  done: Promise<void>
  cancelling: AbortController
}

export interface ModelEngine {
  model: LoadableModel
  supervisor: EngineSupervisor
  /** Who uses it or waits for a turn; a chat is there once for each use. */
  users: Set<Use>
  turns: Turns<Use>
  /** Of the users whose turn it is. */
  listeners: Set<(state: EngineState) => void>
  /** The load under way. What the supervisor does by itself after a crash is none. */
  loading: Load | null
  /** What it was loaded with last. */
  loadOverrides: LoadOverrides
  loadedBy: 'hand' | 'request'
  /** It stays so long after its last use: null = for good, undefined = by the settings. */
  ttlSeconds: number | null | undefined
  /** When its last use ended, ms since 1970. */
  usedAt: number
  /** What everyone was told last of `unloadsAt`, and when. */
  told: { unloadsAt: number | null; at: number }
}

/** The model's own, and on top of them those of `changes` that are not undefined. */
export function overridesWith(model: LoadableModel, changes: LoadOverrides = {}): LoadOverrides {
  const named = Object.entries(changes).filter(([, value]) => value !== undefined)
  return { ...model.loadOverrides, ...Object.fromEntries(named) }
}

/** Whether a load with these overrides is as the user wants it. What they do not name may be as it is. */
export function suits(loadOverrides: LoadOverrides, { onDemand }: Use, contextSize?: number): boolean {
  const loaded = { ...defaultLoadSettings, ...loadOverrides }
  return Object.entries(onDemand?.loadChanges ?? {}).every(([name, wanted]) => {
    if (wanted === undefined || (name === 'contextSize' && wanted === contextSize)) return true
    return isDeepStrictEqual(wanted, loaded[name as keyof LoadOverrides])
  })
}

export function isIdle({ users, supervisor, loading }: ModelEngine): boolean {
  return users.size === 0 && !loading && supervisor.loadState.state === 'ready'
}

export function isLoading({ supervisor, loading }: ModelEngine): boolean {
  return loading !== null || supervisor.loadState.state === 'loading'
}

/** After a crash the supervisor restarts by itself, and knows when to give up. */
export function mustLoad({ supervisor, loading }: ModelEngine): boolean {
  const load = supervisor.loadState
  if (loading) return false
  if (load.state !== 'failed') return load.state === 'unloaded'
  return load.failure.code !== 'ENGINE_CRASHED' && load.failure.code !== 'ENGINE_UNSTABLE'
}

/** Whether a request wants it loaded otherwise than an earlier one did. */
export function mustReload({ supervisor, loading, loadedBy, loadOverrides }: ModelEngine, use: Use): boolean {
  const { loadState } = supervisor
  if (loading || loadedBy === 'hand' || loadState.state !== 'ready') return false
  return !suits(loadOverrides, use, loadState.runtime.contextSize)
}

/** When it will be unloaded by itself, ms since 1970; null = not while it is in use, or never. */
export function unloadsAt(engine: ModelEngine, settings: Settings): number | null {
  if (!isIdle(engine)) return null
  const minutes = engine.loadedBy === 'hand' ? settings.idleUnloadMinutes : settings.apiIdleMinutes
  const seconds = engine.ttlSeconds === undefined ? minutes && minutes * 60 : engine.ttlSeconds
  return seconds === null ? null : engine.usedAt + seconds * 1000
}

export function loadStateOf(engine: ModelEngine, settings: Settings): LoadState {
  const { supervisor, loading, loadOverrides, loadedBy } = engine
  const state = supervisor.loadState
  if (state.state === 'ready') return { ...state, loadOverrides, loadedBy, unloadsAt: unloadsAt(engine, settings) }
  // Others are being unloaded for it.
  if (loading && state.state !== 'loading') return { state: 'loading', fraction: 0 }
  return state
}
