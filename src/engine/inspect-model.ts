/** One look at a model file: is it one that can answer, and what is it? The native library stays unloaded. */
import { statSync } from 'node:fs'
import { basename, extname } from 'node:path'
import type { InspectResult } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import type { GgufHeader, GgufTensor } from '../shared/lib/gguf-header.ts'
import { allParts, splitPart } from '../shared/lib/split-files.ts'
import { readGgufHeader, withGguf } from './gguf-header.ts'
import { refuseHuggingFaceAdapter } from './hugging-face-adapter.ts'
import { readVocabulary, type VocabularyFacts } from './vocabulary.ts'

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
  controlvector: 'control-vector',
}

/** And by `general.type`. */
const otherTypes: Record<string, string> = { mmproj: 'projector', imatrix: 'importance-matrix', vocab: 'vocabulary' }

/**
 * Of a split model any part may be given. Rejects with FILE_MISSING, FILE_IS_FOLDER,
 * FILE_UNREADABLE, NOT_GGUF, FILE_TRUNCATED, FILE_DAMAGED, PART_MISSING, ARCHITECTURE_UNSUPPORTED,
 * NOT_A_LANGUAGE_MODEL or ADAPTER_UNUSABLE.
 */
export async function inspectModel(path: string): Promise<InspectResult> {
  const { header, sizeBytes, paths, tensors, vocabulary } = readFiles(path)
  const firstPath = paths[0]!
  const { metadata } = header
  const text = (key: string) => textOf(header, key)
  const number = (key: string) => {
    const value = metadata.get(key)
    return typeof value === 'number' ? value : 0
  }
  const architecture = text('general.architecture')
  const type = text('general.type') === 'adapter' ? 'adapter' : 'model'
  const kind = type === 'model' ? otherKindOf(header, text('general.type'), architecture) : undefined
  if (kind) throw new AppFailure('NOT_A_LANGUAGE_MODEL', { path, kind })
  if (!architecture) throw new AppFailure('FILE_DAMAGED', { path, detail: 'no architecture' })
  if (type === 'adapter') checkAdapter(path, header)
  const { GgufFileType } = await import('node-llama-cpp')
  if (!(await isSupported(firstPath, architecture))) {
    throw new AppFailure('ARCHITECTURE_UNSUPPORTED', { path, architecture })
  }
  checkNumbers(path, metadata, tensors, architecture)
  const fileType = GgufFileType[number('general.file_type')]
  const name = text('general.name').trim() || basename(firstPath, extname(firstPath))
  return {
    type,
    name: type === 'adapter' ? `${name} (r=${rankOf(header)})` : name,
    architecture,
    parameterCount: tensors.reduce((sum, tensor) => sum + tensor.elementCount, 0),
    quantization: metadata.has('general.file_type') && fileType ? fileType.replace(/^[A-Z]+_/, '') : mainType(tensors),
    trainContextSize: number(`${architecture}.context_length`),
    hasChatTemplate: text('tokenizer.chat_template') !== '',
    vocabularySize: vocabulary?.size ?? 0,
    vocabularyHash: vocabulary?.hash ?? '',
    paths,
    sizeBytes,
    chat: vocabulary && chatFacts(header, vocabulary),
  }
}

interface Files {
  /** Of the first part, which holds the metadata. */
  header: GgufHeader
  vocabulary: VocabularyFacts | null
  /** Of all parts. */
  tensors: GgufTensor[]
  sizeBytes: number
  paths: string[]
}

function readFiles(path: string): Files {
  const named = allParts(path)
  const missing = named.find((part) => !statSync(part, { throwIfNoEntry: false }))
  // A file that is called like a part and is none has no others beside it.
  const firstPath = missing === undefined ? named[0]! : path
  return reading(firstPath, () =>
    withGguf(firstPath, (file) => {
      const partCount = file.header.metadata.get('split.count')
      if (typeof partCount !== 'number' || partCount < 2) {
        const { header, sizeBytes } = file
        return { header, sizeBytes, paths: [firstPath], tensors: header.tensors, vocabulary: readVocabulary(file) }
      }
      if (splitPart(path)?.count !== partCount) {
        throw new AppFailure('FILE_DAMAGED', { path, detail: `one of ${partCount} parts, under another name` })
      }
      if (missing !== undefined) throw new AppFailure('PART_MISSING', { path: missing })
      const others = named.slice(1).map((part) => reading(part, () => readGgufHeader(part)))
      return {
        header: file.header,
        vocabulary: readVocabulary(file),
        tensors: [file.header, ...others].flatMap(({ tensors }) => tensors),
        sizeBytes: named.reduce((sum, part) => sum + statSync(part).size, 0),
        paths: named,
      }
    }),
  )
}

/** Does `work` with a file if it is one, with the failures of the file system told by their codes. */
export function reading<T>(path: string, work: () => T): T {
  try {
    refuseHuggingFaceAdapter(path)
    const stats = statSync(path)
    if (stats.isDirectory()) throw new AppFailure('FILE_IS_FOLDER', { path })
    // Opening a pipe or a device could wait for ever.
    if (!stats.isFile()) throw new AppFailure('FILE_UNREADABLE', { path, reason: 'EINVAL' })
    return work()
  } catch (error) {
    if (error instanceof AppFailure) throw error
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    if (reason === 'ENOENT' || reason === 'ENOTDIR') throw new AppFailure('FILE_MISSING', { path })
    throw new AppFailure('FILE_UNREADABLE', { path, reason })
  }
}

export function textOf({ metadata }: GgufHeader, key: string): string {
  const value = metadata.get(key)
  return typeof value === 'string' ? value : ''
}

function chatFacts(header: GgufHeader, vocabulary: VocabularyFacts): InspectResult['chat'] {
  const addsBos = header.metadata.get('tokenizer.ggml.add_bos_token')
  const { bosText, eosText, endTexts, markerTexts } = vocabulary
  return {
    template: textOf(header, 'tokenizer.chat_template') || null,
    tokenizer: textOf(header, 'tokenizer.ggml.model'),
    preTokenizer: textOf(header, 'tokenizer.ggml.pre') || null,
    bosText,
    eosText,
    addsBos: typeof addsBos === 'boolean' ? addsBos : null,
    endTexts,
    markerTexts,
    names: ['general.basename', 'general.finetune', 'general.base_model.0.name']
      .map((key) => textOf(header, key))
      .filter((name) => name !== ''),
  }
}

/** As llama.cpp takes it: pairs of low rank; norms are ignored; anything else it refuses. Source: llama-adapter.cpp. */
function checkAdapter(path: string, header: GgufHeader): void {
  const adapterType = textOf(header, 'adapter.type')
  if (adapterType !== 'lora') throw new AppFailure('NOT_A_LANGUAGE_MODEL', { path, kind: adapterType || 'adapter' })
  const whole = header.tensors.map(({ name }) => name).filter((name) => !/(\.lora_[ab]|_norm\.weight)$/.test(name))
  if (whole.length > 0) {
    const detail = whole.slice(0, 3).join(', ') + (whole.length > 3 ? ', …' : '')
    throw new AppFailure('ADAPTER_UNUSABLE', { path, reason: 'whole-layers', detail })
  }
  if (header.tensors.length === 0) throw new AppFailure('FILE_DAMAGED', { path, detail: 'an adapter without tensors' })
}

/** The length that both halves of a pair share; it may differ between layers, the largest is told. */
function rankOf({ tensors }: GgufHeader): number {
  const pairs = tensors.filter(({ name, dimensions }) => name.endsWith('.lora_a') && dimensions.length > 1)
  // Of the embedding the halves are swapped, so there the rank is the first length.
  return Math.max(0, ...pairs.map(({ dimensions }) => Math.min(...dimensions)))
}

function otherKindOf({ tensors }: GgufHeader, type: string, architecture: string): string | undefined {
  if (type !== '' && type !== 'model') return otherTypes[type] ?? type
  return otherKinds[architecture] ?? (tensors.length === 0 && architecture ? 'vocabulary' : undefined)
}

/** Values that make llama.cpp abort the process instead of refusing the file. */
function checkNumbers(
  path: string,
  metadata: GgufHeader['metadata'],
  tensors: GgufTensor[],
  architecture: string,
): void {
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
