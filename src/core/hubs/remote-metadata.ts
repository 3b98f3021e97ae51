import type { RemoteFile, RemoteMetadata } from '../../shared/contract/hubs.ts'
import type { GgufHeader } from '../../shared/lib/gguf-header.ts'
import { quantizationOf } from './hub-variants.ts'
import type { RemoteHeader } from './remote-header.ts'

/** What a header tells people. The quantization is what the name says, else the type most of the weights have. */
export function remoteMetadata(file: RemoteFile, { header, transferredBytes }: RemoteHeader): RemoteMetadata {
  const { metadata, tensors } = header
  const text = (key: string) => {
    const value = metadata.get(key)
    return typeof value === 'string' ? value.trim() : ''
  }
  const architecture = text('general.architecture')
  const contextSize = metadata.get(`${architecture}.context_length`)
  const tokens = metadata.get('tokenizer.ggml.tokens')
  return {
    name: text('general.name') || file.repository.split('/')[1]!,
    architecture,
    parameterCount: tensors.reduce((sum, { elementCount }) => sum + elementCount, 0),
    quantization: quantizationOf(file.path) || mainType(tensors),
    trainContextSize: typeof contextSize === 'number' ? Math.trunc(contextSize) : 0,
    vocabularySize: typeof tokens === 'object' ? tokens.arrayLength : 0,
    hasChatTemplate: text('tokenizer.chat_template') !== '',
    transferredBytes,
  }
}

function mainType(tensors: GgufHeader['tensors']): string {
  const sizes = new Map<string, number>()
  for (const { type, sizeBytes } of tensors) sizes.set(type, (sizes.get(type) ?? 0) + sizeBytes)
  return [...sizes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? ''
}
