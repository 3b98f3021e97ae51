/** One look at a model file: is it one that can answer, and what is it? The native library stays unloaded. */
import { statSync } from 'node:fs'
import { basename, extname } from 'node:path'
import type { InspectResult } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import type { GgufHeader, GgufTensor } from '../shared/lib/gguf-header.ts'
import { readGgufHeader } from './gguf-header.ts'

/** GGUF files with something else in them, by their architecture. */
const otherKinds: Record<string, string> = {
  clip: 'projector',
  bert: 'encoder',
  'modern-bert': 'encoder',
  'nomic-bert': 'encoder',
  'nomic-bert-moe': 'encoder',
  'neo-bert': 'encoder',
  'jina-bert-v2': 'encoder',
  'jina-bert-v3': 'encoder',
  eurobert: 'encoder',
  'gemma-embedding': 'encoder',
  'llama-embed': 'encoder',
  t5encoder: 'encoder',
  'wavtokenizer-dec': 'audio',
  eagle3: 'draft',
  dflash: 'draft',
  'gemma4-assistant': 'draft',
}

/** And by `general.type`. */
const otherTypes: Record<string, string> = { mmproj: 'projector', imatrix: 'importance-matrix', vocab: 'vocabulary' }

/**
 * Rejects with FILE_MISSING, FILE_IS_FOLDER, FILE_UNREADABLE, NOT_GGUF, FILE_TRUNCATED,
 * FILE_DAMAGED, ARCHITECTURE_UNSUPPORTED or NOT_A_LANGUAGE_MODEL.
 */
export async function inspectModel(path: string): Promise<InspectResult> {
  const header = readHeader(path)
  const { metadata, tensors } = header
  const text = (key: string) => {
    const value = metadata.get(key)
    return typeof value === 'string' ? value : ''
  }
  const number = (key: string) => {
    const value = metadata.get(key)
    return typeof value === 'number' ? value : 0
  }
  const architecture = text('general.architecture')
  const kind = otherKindOf(header, text('general.type'), architecture)
  if (kind) throw new AppFailure('NOT_A_LANGUAGE_MODEL', { path, kind })
  if (!architecture) throw new AppFailure('FILE_DAMAGED', { path, detail: 'no architecture' })
  const { GgufFileType } = await import('node-llama-cpp')
  if (!(await isSupported(path, architecture))) {
    throw new AppFailure('ARCHITECTURE_UNSUPPORTED', { path, architecture })
  }
  checkNumbers(path, header, architecture)
  const fileType = GgufFileType[number('general.file_type')]
  return {
    type: 'model',
    vocabularySize: 0,
    vocabularyHash: '',
    paths: [path],
    sizeBytes: statSync(path).size,
    chat: null,
    name: text('general.name').trim() || basename(path, extname(path)),
    architecture,
    parameterCount: tensors.reduce((sum, tensor) => sum + tensor.elementCount, 0),
    quantization: metadata.has('general.file_type') && fileType ? fileType.replace(/^[A-Z]+_/, '') : mainType(tensors),
    trainContextSize: number(`${architecture}.context_length`),
    hasChatTemplate: text('tokenizer.chat_template') !== '',
  }
}

function readHeader(path: string): GgufHeader {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) throw new AppFailure('FILE_IS_FOLDER', { path })
    // Opening a pipe or a device could wait for ever.
    if (!stats.isFile()) throw new AppFailure('FILE_UNREADABLE', { path, reason: 'EINVAL' })
    return readGgufHeader(path)
  } catch (error) {
    if (error instanceof AppFailure) throw error
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    if (reason === 'ENOENT' || reason === 'ENOTDIR') throw new AppFailure('FILE_MISSING', { path })
    throw new AppFailure('FILE_UNREADABLE', { path, reason })
  }
}

function otherKindOf({ tensors }: GgufHeader, type: string, architecture: string): string | undefined {
  if (type !== '' && type !== 'model') return otherTypes[type] ?? type
  return otherKinds[architecture] ?? (tensors.length === 0 && architecture ? 'vocabulary' : undefined)
}

/** Values that make llama.cpp abort the process instead of refusing the file. */
function checkNumbers(path: string, { metadata, tensors }: GgufHeader, architecture: string): void {
  const blockCount = metadata.get(`${architecture}.block_count`)
  if (typeof blockCount === 'number' && blockCount > tensors.length) {
    throw new AppFailure('FILE_DAMAGED', { path, detail: `${blockCount} blocks in ${tensors.length} tensors` })
  }
  const hasAttention = tensors.some(({ name }) => /\.attn_(q|qkv)\./.test(name))
  if (hasAttention && metadata.get(`${architecture}.attention.head_count`) === 0) {
    throw new AppFailure('FILE_DAMAGED', { path, detail: 'no attention heads' })
  }
}

/** Most architectures are in the library's own list; only a newer one costs loading llama.cpp to ask it. */
async function isSupported(path: string, architecture: string): Promise<boolean> {
  const library = await import('node-llama-cpp')
  const { GgufArchitectureType } = library as unknown as { GgufArchitectureType: Record<string, string> }
  if (Object.values(GgufArchitectureType).includes(architecture)) return true
  const info = await library.readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false })
  return (await library.GgufInsights.from(info)).isSupportedByLlamaCpp
}

/** The type that holds most of the bytes. */
function mainType(tensors: GgufTensor[]): string {
  const bytesByType = new Map<string, number>()
  for (const { type, sizeBytes } of tensors) bytesByType.set(type, (bytesByType.get(type) ?? 0) + sizeBytes)
  return [...bytesByType].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}
