/**
 * A model's shape in the form that llama.cpp can measure: the head of a GGUF file with every number
 * and tensor, but without its vocabulary, which is most of the work of reading a head and none of
 * the memory. So a file here, a file on a hub and a file of the catalog are estimated in the same
 * way, in a few milliseconds.
 */
import type { GgufFileInfo } from 'node-llama-cpp'
import { AppFailure } from '../shared/lib/app-failure.ts'
import {
  ggufScalar,
  ggufTypeBytes,
  tensorTypes,
  type GgufArray,
  type GgufHeader,
  type GgufType,
  type GgufValue,
} from '../shared/lib/gguf-header.ts'
import { GgufWriter } from './gguf-writer.ts'

export interface ModelHead {
  architecture: string
  bytes: Buffer
  info: GgufFileInfo
  /** Of the tensors, as they are counted in the header. */
  weightsBytes: number
  /** What stands under a key of its architecture, such as `attention.head_count`: one number, or one per layer. */
  numbers(key: string): number | number[] | undefined
}

const ggufVersion = 3
const alignment = 32
const arrayTypeNumber = 9
const typeNumbers: Record<GgufType, number> = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  uint64: 10,
  int64: 11,
  float64: 12,
}
const tensorTypeNumbers = new Map(Object.entries(tensorTypes).map(([number, [name]]) => [name, Number(number)]))
/** Longer lists are not about layers. */
const maxArrayLength = 4096

/**
 * `readArray` gives the elements of an array where the file is at hand; lists of a number per layer
 * are left out without it, and the estimate is rougher. Throws FILE_DAMAGED (for `path`) where
 * numbers would make llama.cpp abort.
 */
export function modelHead(path: string, header: GgufHeader, readArray?: (array: GgufArray) => Buffer): ModelHead {
  const architecture = header.metadata.get('general.architecture')
  if (typeof architecture !== 'string') throw new AppFailure('FILE_DAMAGED', { path, detail: 'no architecture' })
  const ofArchitecture = `${architecture}.`
  const values: Record<string, number | string | boolean | number[]> = {}
  const entries = new GgufWriter()
  const add = (key: string, type: GgufType, value: string | number | boolean) => {
    values[key] = value
    entries.text(key)
    entries.uint32(typeNumbers[type])
    entries.value(type, value)
  }
  const addArray = (key: string, array: GgufArray) => {
    const { elementType, arrayLength } = array
    if (!readArray || elementType === 'string' || arrayLength > maxArrayLength) return
    const bytes = readArray(array)
    values[key] = Array.from({ length: arrayLength }, (_, i) =>
      Number(ggufScalar(elementType, bytes, i * ggufTypeBytes[elementType])),
    )
    entries.text(key)
    entries.uint32(arrayTypeNumber)
    entries.uint32(typeNumbers[elementType])
    entries.uint64(arrayLength)
    entries.raw(bytes)
  }
  add('general.architecture', 'string', architecture)
  add('tokenizer.ggml.model', 'string', 'none')
  const embedding = header.tensors.find(({ name }) => name === 'token_embd.weight')
  if (embedding) add(`${ofArchitecture}vocab_size`, 'uint32', embedding.dimensions[1] ?? 0)
  for (const [key, value] of header.metadata) {
    if (!key.startsWith(ofArchitecture) || key in values) continue
    if (isArray(value)) addArray(key, value)
    else add(key, header.types.get(key) as GgufType, value)
  }
  const numbers = (key: string) => {
    const value = values[ofArchitecture + key]
    return Array.isArray(value) || typeof value === 'number' ? value : undefined
  }
  checkNumbers(path, header, numbers)
  const tensors = placed(header)
  return {
    architecture,
    bytes: headBytes(Object.keys(values).length, entries.bytes, tensors),
    info: fileInfo(values, architecture, tensors),
    weightsBytes: header.tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    numbers,
  }
}

/** As the checks of `inspectModel`, which a file on a hub has not been through. */
function checkNumbers(path: string, { tensors }: GgufHeader, numbers: ModelHead['numbers']): void {
  const blockCount = numbers('block_count')
  if (typeof blockCount === 'number' && blockCount > tensors.length) {
    throw new AppFailure('FILE_DAMAGED', { path, detail: `${blockCount} blocks in ${tensors.length} tensors` })
  }
  if (numbers('attention.head_count') === 0 && tensors.some(({ name }) => /\.attn_(q|qkv)\./.test(name))) {
    throw new AppFailure('FILE_DAMAGED', { path, detail: 'no attention heads' })
  }
}

function placed({ tensors }: GgufHeader) {
  let offset = 0
  return tensors.map(({ name, type, dimensions, sizeBytes }) => {
    const tensor = { name, dimensions, ggmlType: tensorTypeNumbers.get(type) ?? 0, offset }
    offset += Math.ceil(sizeBytes / alignment) * alignment
    return tensor
  })
}

function headBytes(entryCount: number, entries: Buffer, tensors: ReturnType<typeof placed>): Buffer {
  const writer = new GgufWriter()
  writer.raw(Buffer.from('GGUF'))
  writer.uint32(ggufVersion)
  writer.uint64(tensors.length)
  writer.uint64(entryCount)
  writer.raw(entries)
  for (const { name, dimensions, ggmlType, offset } of tensors) {
    writer.text(name)
    writer.uint32(dimensions.length)
    for (const length of dimensions) writer.uint64(length)
    writer.uint32(ggmlType)
    writer.uint64(offset)
  }
  writer.pad(alignment)
  return writer.bytes
}

/** What the library's own reader would give for the same head. */
function fileInfo(
  values: Record<string, unknown>,
  architecture: string,
  tensors: ReturnType<typeof placed>,
): GgufFileInfo {
  const metadata: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(values)) {
    const path = key.split('.')
    const last = path.pop() as string
    let object = metadata
    for (const part of path) object = (object[part] ??= {}) as Record<string, unknown>
    object[last] = value
  }
  const tensorInfo = tensors.map((tensor) => ({ ...tensor, filePart: 1, fileOffset: tensor.offset }))
  return {
    version: ggufVersion,
    tensorCount: tensors.length,
    totalTensorCount: tensors.length,
    metadata,
    architectureMetadata: metadata[architecture] ?? {},
    metadataSize: 0,
    totalMetadataSize: 0,
    splicedParts: 1,
    tensorInfo,
    fullTensorInfo: tensorInfo,
    sourceData: [],
  } as unknown as GgufFileInfo
}

function isArray(value: GgufValue): value is GgufArray {
  return typeof value === 'object'
}
