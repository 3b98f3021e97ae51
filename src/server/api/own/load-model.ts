import type { ApiServices } from '../../../core/api-server/api-services.ts'
import type { FoundModel } from '../../../core/inference/inference.ts'
import type { LoadOverrides } from '../../../shared/contract/load-settings.ts'
import type { LoadState, ModelEvent } from '../../../shared/contract/models.ts'
import type { ServerSentEvent } from '../stream-response.ts'
import { instanceAnswer, loadableId } from './list-models.ts'
import type { LoadRequest } from './requests.ts'

/** Once it is loaded. One that is loaded stays as it is, unless the request says how it should be loaded. */
export async function loadedAnswer(services: ApiServices, found: FoundModel, request: LoadRequest): Promise<object> {
  const startedAt = performance.now()
  const loadOverrides = overridesOf(request)
  const modelId = loadableId(found)
  await services.client.models.load({
    modelId,
    force: request.force,
    reload: Object.keys(loadOverrides).length > 0,
    loadOverrides,
    ...(request.ttl !== undefined && { ttlSeconds: request.ttl }),
  })
  const { loads } = await services.client.models.list()
  const load = loads[modelId]
  return {
    type: 'llm',
    instance_id: found.name,
    status: 'loaded',
    load_time_seconds: Math.round(performance.now() - startedAt) / 1000,
    ...(load?.state === 'ready' && { load_config: instanceAnswer(found.name, load) }),
  }
}

/** The same as it goes on, with the names of LM Studio's events. A client that leaves does not stop the load. */
export async function* loadProgress(
  services: ApiServices,
  found: FoundModel,
  request: LoadRequest,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  const watching = new AbortController()
  const loaded = loadedAnswer(services, found, request).finally(() => watching.abort())
  // Looked at after the last progress.
  loaded.catch(() => {})
  yield { event: 'model_load.start', data: JSON.stringify({ model_instance_id: found.name }) }
  const modelId = loadableId(found)
  const events = await services.client.models.watch(undefined, { signal: AbortSignal.any([watching.signal, signal]) })
  for await (const event of events) {
    const load = loadOf(event, modelId)
    if (load?.state !== 'loading') continue
    const progress = { model_instance_id: found.name, progress: load.fraction }
    yield { event: 'model_load.progress', data: JSON.stringify(progress) }
  }
  yield { event: 'model_load.end', data: JSON.stringify(await loaded) }
}

function loadOf(event: ModelEvent, modelId: string): LoadState | undefined {
  if (event.type === 'models') return event.loads[modelId]
  return event.type === 'load-changed' && event.modelId === modelId ? event.load : undefined
}

function overridesOf(request: LoadRequest): LoadOverrides {
  const { context_length, gpu_layers, threads, parallel, eval_batch_size, flash_attention } = request
  return {
    ...(context_length !== undefined && { contextSize: context_length }),
    ...(gpu_layers !== undefined && { gpuLayers: gpu_layers }),
    ...(threads !== undefined && { threads }),
    ...(parallel !== undefined && { slots: parallel }),
    ...(eval_batch_size !== undefined && { batchSize: eval_batch_size }),
    ...(flash_attention !== undefined && { flashAttention: flash_attention ? 'on' : 'off' }),
  }
}
