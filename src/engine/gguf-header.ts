/**
 * Reads the head of a GGUF file (version 2 or 3) without trusting it: every length is checked
 * against the file before it is used, nothing is allocated for arrays, and the tensors must follow
 * each other as llama.cpp demands. So a damaged file ends in an error within milliseconds, where
 * the library's own reader may run out of memory, and a truncated one is told by its size.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { AppFailure } from '../shared/lib/app-failure.ts'

/** Of an array only its length is kept. */
export type GgufValue = string | number | boolean | { arrayLength: number }

export interface GgufTensor {
  name: string
  /** Such as `Q4_K`. */
  type: string
  elementCount: number
  sizeBytes: number
}

export interface GgufHeader {
  metadata: Map<string, GgufValue>
  tensors: GgufTensor[]
}

/** No real header comes near it; a larger one is a damaged length. */
const maxHeaderBytes = 2 ** 30
const maxDimensions = 4
const windowBytes = 2 ** 20

/** Name, weights per block, bytes per block of each tensor type. Source: ggml.c, `type_traits`. */
const tensorTypes: Record<number, readonly [name: string, blockLength: number, blockBytes: number]> = {
  0: ['F32', 1, 4],
  1: ['F16', 1, 2],
  2: ['Q4_0', 32, 18],
  3: ['Q4_1', 32, 20],
  6: ['Q5_0', 32, 22],
  7: ['Q5_1', 32, 24],
  8: ['Q8_0', 32, 34],
  9: ['Q8_1', 32, 36],
  10: ['Q2_K', 256, 84],
  11: ['Q3_K', 256, 110],
  12: ['Q4_K', 256, 144],
  13: ['Q5_K', 256, 176],
  14: ['Q6_K', 256, 210],
  15: ['Q8_K', 256, 292],
  16: ['IQ2_XXS', 256, 66],
  17: ['IQ2_XS', 256, 74],
  18: ['IQ3_XXS', 256, 98],
  19: ['IQ1_S', 256, 50],
  20: ['IQ4_NL', 32, 18],
  21: ['IQ3_S', 256, 110],
  22: ['IQ2_S', 256, 82],
  23: ['IQ4_XS', 256, 136],
  24: ['I8', 1, 1],
  25: ['I16', 1, 2],
  26: ['I32', 1, 4],
  27: ['I64', 1, 8],
  28: ['F64', 1, 8],
  29: ['IQ1_M', 256, 56],
  30: ['BF16', 1, 2],
  34: ['TQ1_0', 256, 54],
  35: ['TQ2_0', 256, 66],
  39: ['MXFP4', 32, 17],
  40: ['NVFP4', 64, 36],
  41: ['Q1_0', 128, 18],
  42: ['Q2_0', 64, 18],
}

/** Rejects with NOT_GGUF, FILE_TRUNCATED or FILE_DAMAGED; errors of the file system pass through. */
export function readGgufHeader(path: string): GgufHeader {
  const file = openSync(path, 'r')
  try {
    return new HeaderReader(path, file).read()
  } finally {
    closeSync(file)
  }
}

class HeaderReader {
  readonly #path: string
  readonly #file: number
  readonly #fileBytes: number
  #offset = 0
  #window: Buffer = Buffer.alloc(0)
  #windowOffset = 0

  constructor(path: string, file: number) {
    this.#path = path
    this.#file = file
    this.#fileBytes = fstatSync(file).size
  }

  read(): GgufHeader {
    if (this.#fileBytes < 4 || this.#take(4).toString('latin1') !== 'GGUF') {
      throw new AppFailure('NOT_GGUF', { path: this.#path })
    }
    const version = this.#u32()
    if (version !== 2 && version !== 3) throw this.#damaged(`GGUF version ${version}`)
    const tensorCount = this.#u64()
    const metadataCount = this.#u64()
    const metadata = new Map<string, GgufValue>()
    for (let i = 0; i < metadataCount; i++) {
      const key = this.#string()
      metadata.set(key, this.#value(this.#u32(), key))
    }
    const alignment = metadata.get('general.alignment') ?? 32
    if (typeof alignment !== 'number' || alignment < 1 || alignment % 8 !== 0) throw this.#damaged('alignment')
    return { metadata, tensors: this.#tensors(tensorCount, alignment) }
  }

  #tensors(count: number, alignment: number): GgufTensor[] {
    const tensors: GgufTensor[] = []
    let endBytes = 0
    for (let i = 0; i < count; i++) {
      const name = this.#string()
      const dimensions = this.#u32()
      if (dimensions > maxDimensions) throw this.#damaged(`tensor ${name} has ${dimensions} dimensions`)
      const lengths = Array.from({ length: dimensions }, () => this.#u64())
      const typeNumber = this.#u32()
      const offset = this.#u64()
      const traits = tensorTypes[typeNumber]
      if (!traits) throw this.#damaged(`tensor ${name} has the unknown type ${typeNumber}`)
      if (offset !== padded(endBytes, alignment)) throw this.#damaged(`tensor ${name} is not where it should be`)
      const [type, blockLength, blockBytes] = traits
      const elementCount = lengths.reduce((product, length) => product * length, 1)
      const sizeBytes = (elementCount / blockLength) * blockBytes
      if (!Number.isSafeInteger(sizeBytes)) throw this.#damaged(`tensor ${name} has an impossible size`)
      tensors.push({ name, type, elementCount, sizeBytes })
      endBytes = offset + sizeBytes
    }
    const expectedBytes = padded(this.#offset, alignment) + endBytes
    if (this.#fileBytes < expectedBytes) throw this.#truncated(expectedBytes)
    return tensors
  }

  #value(type: number, key: string): GgufValue {
    switch (type) {
      case 0:
        return this.#take(1).readUInt8()
      case 1:
        return this.#take(1).readInt8()
      case 2:
        return this.#take(2).readUInt16LE()
      case 3:
        return this.#take(2).readInt16LE()
      case 4:
        return this.#u32()
      case 5:
        return this.#take(4).readInt32LE()
      case 6:
        return this.#take(4).readFloatLE()
      case 7:
        return this.#take(1).readUInt8() !== 0
      case 8:
        return this.#string()
      case 9:
        return { arrayLength: this.#skipArray(key) }
      case 10:
        return this.#u64()
      case 11:
        return Number(this.#take(8).readBigInt64LE())
      case 12:
        return this.#take(8).readDoubleLE()
      default:
        throw this.#damaged(`${key} has the unknown type ${type}`)
    }
  }

  #skipArray(key: string): number {
    const type = this.#u32()
    const length = this.#u64()
    const elementBytes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8][type]
    if (elementBytes === undefined || type === 9) throw this.#damaged(`${key} is an array of the type ${type}`)
    if (type !== 8) this.#skip(length * elementBytes)
    else for (let i = 0; i < length; i++) this.#skip(this.#u64())
    return length
  }

  #string(): string {
    return this.#take(this.#u64()).toString('utf8')
  }

  #u32(): number {
    return this.#take(4).readUInt32LE()
  }

  /** Exact up to 2^53; more is beyond any file and fails the next check. */
  #u64(): number {
    return Number(this.#take(8).readBigUInt64LE())
  }

  #skip(length: number): void {
    const end = this.#offset + length
    if (end > this.#fileBytes) {
      throw end > maxHeaderBytes ? this.#damaged('a length beyond the end of the file') : this.#truncated(end)
    }
    this.#offset = end
  }

  /** The next bytes; valid until the next call. */
  #take(length: number): Buffer {
    const start = this.#offset
    this.#skip(length)
    if (start < this.#windowOffset || this.#offset > this.#windowOffset + this.#window.length) {
      const buffer = Buffer.alloc(Math.max(length, windowBytes))
      this.#window = buffer.subarray(0, readSync(this.#file, buffer, 0, buffer.length, start))
      this.#windowOffset = start
    }
    return this.#window.subarray(start - this.#windowOffset, this.#offset - this.#windowOffset)
  }

  #damaged(detail: string): AppFailure {
    return new AppFailure('FILE_DAMAGED', { path: this.#path, detail })
  }

  #truncated(expectedBytes: number): AppFailure {
    return new AppFailure('FILE_TRUNCATED', { path: this.#path, expectedBytes, actualBytes: this.#fileBytes })
  }
}

function padded(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment
}
