/**
 * Writes GGUF files (version 3, little-endian): a header, key–value metadata,
 * a table of tensors and the aligned tensor data.
 */
import fs from 'node:fs'

/** A metadata value with the type it has in the file. */
export type GgufValue =
  | { type: 'uint32' | 'int32' | 'float32'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
  | { type: 'string[]'; value: readonly string[] }
  | { type: 'int32[]' | 'float32[]'; value: readonly number[] }

export type GgufMetadata = Readonly<Record<string, GgufValue>>

export type GgufTensorType = 'f32' | 'f16'

/** One tensor. `dims` starts with the fastest-changing dimension, as GGUF has it. */
export interface GgufTensor {
  name: string
  dims: readonly number[]
  type: GgufTensorType
  /** Called once, when the tensor is written, so big files need little memory. */
  data: () => Float32Array | Uint16Array
}

export interface WriteGgufOptions {
  /** Give the file its right size but write no tensor data (takes no disk space). */
  sparse?: boolean
}

const VERSION = 3
const ALIGNMENT = 32
const ARRAY_TYPE = 9
const VALUE_TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8 } as const
const TENSOR_TYPE: Record<GgufTensorType, number> = { f32: 0, f16: 1 }
const BYTES_PER_WEIGHT: Record<GgufTensorType, number> = { f32: 4, f16: 2 }

/** Number of weights in a tensor of these dimensions. */
export function countWeights(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1)
}

/**
 * Writes a GGUF file. The data goes to `path + '.part'`, which is renamed at
 * the end, so that an interrupted run never leaves a broken file under `path`.
 */
export function writeGguf(
  path: string,
  metadata: GgufMetadata,
  tensors: readonly GgufTensor[],
  options: WriteGgufOptions = {}
): void {
  const header = padded(encodeHeader(metadata, tensors))
  const part = `${path}.part`
  const file = fs.openSync(part, 'w')
  try {
    writeAll(file, header)
    if (options.sparse) {
      const size = tensors.reduce((sum, tensor) => sum + alignedSize(tensor), header.length)
      fs.ftruncateSync(file, size)
    } else {
      for (const tensor of tensors) writeAll(file, padded(tensorBytes(tensor)))
    }
  } finally {
    fs.closeSync(file)
  }
  fs.renameSync(part, path)
}

function encodeHeader(metadata: GgufMetadata, tensors: readonly GgufTensor[]): Uint8Array {
  const entries = Object.entries(metadata)
  const parts: Buffer[] = [Buffer.from('GGUF'), uint32(VERSION), uint64(tensors.length), uint64(entries.length)]
  for (const [key, value] of entries) parts.push(string(key), Buffer.concat(encodeValue(value)))
  let offset = 0
  for (const tensor of tensors) {
    parts.push(string(tensor.name), uint32(tensor.dims.length), ...tensor.dims.map(uint64))
    parts.push(uint32(TENSOR_TYPE[tensor.type]), uint64(offset))
    offset += alignedSize(tensor)
  }
  return Buffer.concat(parts)
}

function encodeValue(entry: GgufValue): Buffer[] {
  switch (entry.type) {
    case 'uint32':
      return [uint32(VALUE_TYPE.uint32), uint32(entry.value)]
    case 'int32':
      return [uint32(VALUE_TYPE.int32), bytesOf(Int32Array.of(entry.value))]
    case 'float32':
      return [uint32(VALUE_TYPE.float32), bytesOf(Float32Array.of(entry.value))]
    case 'bool':
      return [uint32(VALUE_TYPE.bool), Buffer.from([entry.value ? 1 : 0])]
    case 'string':
      return [uint32(VALUE_TYPE.string), string(entry.value)]
    case 'string[]':
      return [...arrayHead(VALUE_TYPE.string, entry.value.length), ...entry.value.map(string)]
    case 'int32[]':
      return [...arrayHead(VALUE_TYPE.int32, entry.value.length), bytesOf(Int32Array.from(entry.value))]
    case 'float32[]':
      return [...arrayHead(VALUE_TYPE.float32, entry.value.length), bytesOf(Float32Array.from(entry.value))]
  }
}

function arrayHead(elementType: number, length: number): Buffer[] {
  return [uint32(ARRAY_TYPE), uint32(elementType), uint64(length)]
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}

function uint64(value: number): Buffer {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(BigInt(value))
  return buffer
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([uint64(bytes.length), bytes])
}

function bytesOf(array: Float32Array | Int32Array | Uint16Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}

function tensorBytes(tensor: GgufTensor): Buffer {
  const bytes = bytesOf(tensor.data())
  const expected = countWeights(tensor.dims) * BYTES_PER_WEIGHT[tensor.type]
  if (bytes.length !== expected) {
    throw new Error(`Tensor ${tensor.name} has ${bytes.length} bytes of data, its dimensions ask for ${expected}`)
  }
  return bytes
}

function alignedSize(tensor: GgufTensor): number {
  const size = countWeights(tensor.dims) * BYTES_PER_WEIGHT[tensor.type]
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT
}

function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % ALIGNMENT
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(ALIGNMENT - rest)])
}

/** `fs.writeSync` may write less than asked for, above all beyond 2 GB. */
function writeAll(file: number, bytes: Uint8Array): void {
  let done = 0
  while (done < bytes.length) done += fs.writeSync(file, bytes, done, Math.min(bytes.length - done, 1 << 30))
}
