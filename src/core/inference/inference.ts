/** What the HTTP APIs and the contract's `inference` ask of core, whoever they are. */
import type { ApiProtocol } from '../../shared/contract/api-server.ts'
import type { InferenceEvent, InferenceRequest, NamedModel } from '../../shared/contract/inference.ts'
import type { Model } from '../../shared/contract/models.ts'
import type { DerivedModel } from '../derived-models/derived-model.ts'

/** Who asks. */
export interface InferenceClient {
  /** null = over the contract. */
  protocol: ApiProtocol | null
  /** Such as `/v1/chat/completions`. */
  endpoint: string
  /** Name of the API key; empty without one. */
  name: string
  /** Parties are served in turn where several wait for a model: the key's id, or the address without one. */
  party: string
}

export interface FoundModel {
  /** For programs: see shared/lib/model-names.ts. */
  name: string
  /** Of the library. */
  model: Model
  /** What was made on top of it, if the name is of such a one. */
  derived: DerivedModel | null
}

export type ListedModel = NamedModel & FoundModel

export interface EmbedRequest {
  model: string
  texts: string[]
  ttlSeconds?: number | null
}

export interface Inference {
  /** The models that can be asked now: all, or only those that are loaded where requests may load none. */
  models(): ListedModel[]
  /** Throws MODEL_UNKNOWN; of an empty name NO_MODEL. */
  find(name: string): FoundModel
  /**
   * Ends with an `end` event, or throws an AppFailure with one of `inferenceErrors`. When `signal` aborts it stops at
   * once and ends without an `end`.
   */
  generate(
    request: InferenceRequest,
    client: InferenceClient,
    signal: AbortSignal,
  ): AsyncGenerator<InferenceEvent, void, void>
  /** Rejects as `generate` throws. */
  embed(
    request: EmbedRequest,
    client: InferenceClient,
    signal: AbortSignal,
  ): Promise<{ model: string; vectors: Float32Array[]; promptTokens: number }>
  /** Loads the model if it must. */
  countTokens(
    request: Pick<InferenceRequest, 'model' | 'prompt' | 'ttlSeconds' | 'contextSize'>,
    client: InferenceClient,
    signal: AbortSignal,
  ): Promise<{ promptTokens: number }>
}
