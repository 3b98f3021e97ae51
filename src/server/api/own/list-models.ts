/** Models as `/api/v1/models` tells of them: the fields that LM Studio has too, and our own beside them. */
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import { loadableAs } from '../../../core/derived-models/derived-models-service.ts'
import type { FoundModel } from '../../../core/inference/inference.ts'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { modelNames } from '../../../shared/lib/model-names.ts'
import { bitsPerWeightOf } from '../../../shared/lib/quantizations.ts'

/** All of the library and those made on top of them, whether requests may load them or not. */
export async function listModels({ client, derivedModels }: ApiServices): Promise<object[]> {
  const { models, loads } = await client.models.list()
  const answering = models.filter(({ type }) => type === 'model')
  const names = modelNames(answering)
  const found: FoundModel[] = answering.map((model) => ({ name: names.get(model.id)!, model, derived: null }))
  for (const derived of derivedModels.list()) {
    const model = answering.find(({ id }) => id === derived.modelId)
    if (model) found.push({ name: derived.name, model, derived })
  }
  return found.map((one) => modelAnswer(one, loads[loadableId(one)]))
}

/** With what the file says of itself and whether it fits, which takes a look at the file. */
export async function describeModel({ client }: ApiServices, found: FoundModel): Promise<object> {
  const modelId = found.model.id
  const [{ loads }, details, fits] = await Promise.all([
    client.models.list(),
    client.models.details({ modelId }),
    client.fit.estimate({ targets: [{ type: 'model', modelId }] }),
  ])
  return {
    ...modelAnswer(found, loads[loadableId(found)]),
    fit: fits[0],
    chat_template: details.chatTemplate,
    metadata: Object.fromEntries(details.metadata.map(({ key, value }) => [key, value])),
  }
}

/** By which it is loaded and unloaded. */
export function loadableId({ model, derived }: FoundModel): string {
  return derived ? loadableAs(derived, model).id : model.id
}

function modelAnswer({ name, model, derived }: FoundModel, load: LoadState | undefined): object {
  return {
    type: 'llm',
    key: name,
    display_name: derived?.name ?? model.name,
    publisher: publisherOf(model),
    architecture: model.architecture,
    quantization: { name: model.quantization, bits_per_weight: bitsPerWeightOf(model.quantization) },
    size_bytes: model.sizeBytes,
    params_string: paramsString(model.parameterCount),
    max_context_length: model.trainContextSize,
    format: 'gguf',
    capabilities: { vision: false, trained_for_tool_use: false },
    loaded_instances: load?.state === 'ready' ? [instanceAnswer(name, load)] : [],
    kind: model.kind,
    is_derived: derived !== null,
    is_present: model.isPresent,
    load_state: load?.state ?? 'unloaded',
    ...(load?.state === 'loading' && { load_progress: load.fraction }),
    ...(load?.state === 'failed' && { load_failure: load.failure }),
  }
}

export function instanceAnswer(name: string, { runtime, loadedBy, unloadsAt }: LoadState & { state: 'ready' }): object {
  return {
    id: name,
    config: {
      context_length: runtime.contextSize,
      parallel: runtime.slots,
      eval_batch_size: runtime.batchSize,
      flash_attention: runtime.flashAttention,
      gpu: runtime.gpu,
      gpu_layers: runtime.gpuLayers,
      threads: runtime.threads,
    },
    memory_bytes: runtime.memoryBytes,
    loaded_by: loadedBy,
    unloads_at: unloadsAt === null ? null : new Date(unloadsAt).toISOString(),
  }
}

function publisherOf({ repository }: Model): string {
  return repository?.split('/')[0] ?? ''
}

/** `8B`, `110M`; null when the file does not say. */
function paramsString(count: number): string | null {
  if (count <= 0) return null
  return count >= 1e9 ? `${Math.round(count / 1e8) / 10}B` : `${Math.max(1, Math.round(count / 1e6))}M`
}
