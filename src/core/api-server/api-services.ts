/** What the HTTP server for programs is given to work with, and how a host opens it. */
import type { ContractRouterClient } from '@orpc/contract'
import type { ApiKey, RequestLogEntry, ServerActivity } from '../../shared/contract/api-server.ts'
import type { contract } from '../../shared/contract/index.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { DerivedModel } from '../derived-models/derived-model.ts'
import type { FoundModel, Inference } from '../inference/inference.ts'
import type { Log } from '../log.ts'

export interface ApiServices {
  inference: Inference
  /** Everything else the window can do, without a window: `client.models.load(…)`, `client.downloads.…`. */
  client: ContractRouterClient<typeof contract>
  derivedModels: DerivedModels
  keys: ApiKeyCheck
  activity: {
    now(): ServerActivity
    /** Entries of the request log, from now on. */
    watchLog(signal: AbortSignal): AsyncIterable<RequestLogEntry[]>
  }
  getSettings: () => Settings
  version: string
  log: Log
}

export interface ApiKeyCheck {
  /** The key with that secret, whose use is noted; null if there is none. Takes equally long either way. */
  check(secret: string): ApiKey | null
}

export interface DerivedModels {
  list(): DerivedModel[]
  /** By name, upper and lower case alike, with or without `:latest`; null if there is none. */
  find(name: string): DerivedModel | null
  /** Takes the place of one with the same name. */
  save(model: Omit<DerivedModel, 'id' | 'createdAt'>): DerivedModel
  /** The same model under another name; takes the place of one with that name. */
  copy(source: Pick<FoundModel, 'model' | 'derived'>, name: string): DerivedModel
  /** false if there was none. */
  remove(name: string): boolean
}

export interface ApiServerAddress {
  host: string
  /** 0 takes a free one. */
  port: number
  /** Whether requests need a key: always where `host` is not the loopback. */
  needsKey: boolean
}

/** What `yangtuo serve` was told: the server is on, and these count instead of the settings. Not saved. */
export interface ApiServerOverrides {
  host?: string
  port?: number
  /** Accepted beside those that were created. */
  apiKey?: string
}

export interface RunningApiServer {
  port: number
  /** Ends running requests and resolves when the port is free. */
  close(): Promise<void>
}

/** Listens when it resolves; rejects with PORT_IN_USE or ADDRESS_UNAVAILABLE. */
export type OpenApiServer = (services: ApiServices, address: ApiServerAddress) => Promise<RunningApiServer>
