import { cpus } from 'node:os'
import { basename } from 'node:path'
import type { Llama } from 'node-llama-cpp'
import type { Runtime } from '../shared/contract/models.ts'
import type { EngineLoadSettings } from '../shared/engine/messages.ts'
import type { LoadedModel } from './loaded-model.ts'
import type { NativeLog } from './native-log.ts'

/** What the model really runs with; where the settings left a choice, what was chosen. */
export async function describeRuntime(
  { model, context, template, draft }: LoadedModel,
  settings: EngineLoadSettings,
  log: NativeLog,
): Promise<Omit<Runtime, 'rope' | 'confirmedOverrides' | 'estimatedBytes' | 'memoryBytes'>> {
  const { llama } = model
  return {
    gpu: llama.gpu || 'cpu',
    deviceNames: llama.gpu ? await llama.getGpuDeviceNames() : [cpus()[0]?.model.trim() ?? ''],
    gpuLayers: model.gpuLayers,
    totalLayers: model.fileInsights.totalLayers,
    contextSize: context.contextSize,
    slots: context.totalSequences,
    batchSize: context.batchSize,
    threads: context.idealThreads,
    flashAttention: context.flashAttention === 'auto' ? log.hasFlashAttention : context.flashAttention,
    kvCacheKeyType: settings.kvCacheKeyType,
    kvCacheValueType: settings.kvCacheValueType,
    template: template.name,
    adapters: settings.adapters.map(({ path, scale }) => ({ fileName: basename(path), scale })),
    draft,
  }
}

/**
 * Bytes this process holds in memory, and on graphics cards that have their own. Of a mapped file
 * only what was touched counts, so measure after the warm-up, which touches the weights.
 */
export async function usedMemoryBytes(llama: Llama): Promise<number> {
  const resident = process.memoryUsage.rss()
  if (llama.gpu === false) return resident
  const { used, unifiedSize } = await llama.getVramState()
  return resident + (unifiedSize > 0 ? 0 : used)
}
