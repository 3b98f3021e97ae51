import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import type { SamplingOverrides } from '../../shared/lib/sampling.ts'

/** A name of its own for a model of the library, with other values: Ollama's `create` and `copy` make such. */
export interface DerivedModel {
  id: string
  name: string
  /** Of the library; may have been removed since. */
  modelId: string
  /** Empty = none. */
  systemPrompt: string
  sampling: SamplingOverrides
  /** On top of the model's own; if there are any, it is loaded in an engine of its own, under this id. */
  loadOverrides: LoadOverrides
  /** As it was given; empty for a copy. */
  modelfile: string
  createdAt: number
}
