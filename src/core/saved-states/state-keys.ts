import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { Runtime } from '../../shared/contract/models.ts'
import type { LoadRequest } from '../../shared/engine/messages.ts'
import { statModel } from '../models/model-file.ts'

/** Changes when an older program's states can no longer be used. */
const formatVersion = 1

/**
 * Names the model and all that a KV state depends on besides its tokens: by the hash of the file, if it is known,
 * and by the file's place, size and time. Two keys, because a hash is computed some time after the first answers.
 * Rejects with the codes of `statModel`.
 */
export async function stateKeys(
  { path, settings }: LoadRequest,
  runtime: Runtime,
  sha256: string | null,
): Promise<string[]> {
  const { sizeBytes, modifiedAt } = await statModel(path)
  const adapters = settings.adapters.map(async ({ path: adapterPath, scale }) => {
    const { size, mtimeMs } = await stat(adapterPath)
    return [adapterPath, size, mtimeMs, scale]
  })
  const { contextSize, kvCacheKeyType, kvCacheValueType, flashAttention, rope, confirmedOverrides } = runtime
  const rest = {
    formatVersion,
    contextSize,
    kvCacheKeyType,
    kvCacheValueType,
    flashAttention,
    rope,
    confirmedOverrides,
    preTokenizer: settings.preTokenizer,
    adapters: await Promise.all(adapters),
  }
  const models = [...(sha256 ? [{ sha256, sizeBytes }] : []), { path, sizeBytes, modifiedAt }]
  return models.map((model) => createHash('sha256').update(JSON.stringify([model, rest])).digest('hex'))
}
