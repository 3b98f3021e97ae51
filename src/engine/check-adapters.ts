import { basename } from 'node:path'
import type { EngineLoadSettings, InspectResult } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { readGgufHeader } from './gguf-header.ts'
import { inspectModel } from './inspect-model.ts'

/**
 * Refuses adapters that llama.cpp would refuse after it has read the weights. Rejects with
 * ADAPTER_UNUSABLE, or with the codes of `inspectModel` where the file is none.
 */
export async function checkAdapters(
  adapters: EngineLoadSettings['adapters'],
  model: Pick<InspectResult, 'architecture' | 'paths'>,
): Promise<void> {
  for (const { path } of adapters) await checkAdapter(path, model)
}

async function checkAdapter(path: string, model: Pick<InspectResult, 'architecture' | 'paths'>): Promise<void> {
  const unusable = (reason: 'architecture' | 'missing', detail: string) =>
    new AppFailure('ADAPTER_UNUSABLE', { path, reason, detail })
  const adapter = await inspectModel(path).catch((error: unknown) => {
    throw error instanceof AppFailure && error.code === 'FILE_MISSING' ? unusable('missing', basename(path)) : error
  })
  if (adapter.type !== 'adapter') throw new AppFailure('NOT_A_LANGUAGE_MODEL', { path, kind: 'model' })
  if (adapter.architecture !== model.architecture) {
    throw unusable('architecture', `${adapter.architecture}, ${model.architecture}`)
  }
  const shapes = new Map(
    model.paths.flatMap((part) => readGgufHeader(part).tensors.map(({ name, dimensions }) => [name, dimensions])),
  )
  for (const { name, dimensions } of readGgufHeader(path).tensors) {
    const [, target, half] = /^(.+)\.lora_([ab])$/.exec(name) ?? []
    if (target && !fits(shapes.get(target), dimensions, half === 'a', target.endsWith('token_embd.weight'))) {
      throw unusable('architecture', name)
    }
  }
}

/** Whether half of a pair has the lengths of the tensor it is for. Source: llama-adapter.cpp. */
function fits(shape: number[] | undefined, [first, second]: number[], isA: boolean, isEmbedding: boolean): boolean {
  if (!shape) return false
  if (isEmbedding) return second === (isA ? shape[1] : shape[0])
  return isA ? first === shape[0] : second === shape[1]
}
