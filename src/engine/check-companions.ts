import { basename } from 'node:path'
import type { EngineLoadSettings, InspectResult } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { readGgufHeader } from './gguf-header.ts'
import { inspectModel } from './inspect-model.ts'

type Facts = Pick<InspectResult, 'architecture' | 'paths' | 'vocabularyHash'>

/**
 * Refuses adapters and a draft model that llama.cpp would refuse after it has read the weights, or
 * while it answers. Rejects with ADAPTER_UNUSABLE or DRAFT_UNUSABLE, or with the codes of
 * `inspectModel` where a file is damaged or something else.
 */
export async function checkCompanions({ adapters, draft }: EngineLoadSettings, model: Facts): Promise<void> {
  for (const { path } of adapters) await checkAdapter(path, model)
  if (draft.type === 'model') await checkDraft(draft.path, model)
}

async function checkDraft(path: string, model: Facts): Promise<void> {
  const unusable = (reason: 'vocabulary' | 'missing') => new AppFailure('DRAFT_UNUSABLE', { path, reason })
  const draft = await inspectModel(path).catch((error: unknown) => {
    throw isMissing(error) ? unusable('missing') : error
  })
  if (draft.type !== 'model') throw new AppFailure('NOT_A_LANGUAGE_MODEL', { path, kind: draft.type })
  if (draft.vocabularyHash !== model.vocabularyHash) throw unusable('vocabulary')
}

async function checkAdapter(path: string, model: Facts): Promise<void> {
  const unusable = (reason: 'architecture' | 'missing', detail: string) =>
    new AppFailure('ADAPTER_UNUSABLE', { path, reason, detail })
  const adapter = await inspectModel(path).catch((error: unknown) => {
    throw isMissing(error) ? unusable('missing', basename(path)) : error
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

function isMissing(error: unknown): boolean {
  return error instanceof AppFailure && error.code === 'FILE_MISSING'
}

/** Whether half of a pair has the lengths of the tensor it is for. Source: llama-adapter.cpp. */
function fits(shape: number[] | undefined, [first, second]: number[], isA: boolean, isEmbedding: boolean): boolean {
  if (!shape) return false
  if (isEmbedding) return second === (isA ? shape[1] : shape[0])
  return isA ? first === shape[0] : second === shape[1]
}
