/**
 * Reads the head of a GGUF file (version 2 or 3) without trusting it: every length is checked
 * against the file before it is used, arrays are skipped and only told where they lie, and the
 * tensors must follow each other as llama.cpp demands. So a damaged file ends in an error within
 * milliseconds, where the library's own reader may run out of memory, and a truncated one is told by
 * its size. The bytes come from whoever drives the generator: a file, or range requests.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import { AppFailure } from './app-failure.ts'

/** An array stays in the file: `sizeBytes` from `offset` on. A string has 8 bytes of length before it. */
export interface GgufArray {
  arrayLength: number
  elementType: GgufType
  offset: number
  sizeBytes: number
}

export type GgufValue = string | number | boolean | GgufArray

export interface GgufTensor {
  name: string
  /** Such as `Q4_K`. */
  type: string
  /** Lengths of its dimensions, the fastest-changing one first. */
  dimensions: number[]
  elementCount: number
  sizeBytes: number
}

export interface GgufHeader {
  metadata: Map<string, GgufValue>
  /** Types of the metadata, by key. */
  types: Map<string, GgufType | 'array'>
  tensors: GgufTensor[]
}

/** At least `length` bytes from `offset` on are needed next. */
export interface BytesWanted {
  offset: number
  length: number
}

/** By their numbers in the file; 9 is an array. */
const valueTypes = [
  ...(['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'bool', 'string'] as const),
  ...(['array', 'uint64', 'int64', 'float64'] as const),
] as const
export type GgufType = Exclude<(typeof valueTypes)[number], 'array'>

/** Bytes of a value; a string has none of its own. */
export const ggufTypeBytes: Record<GgufType, number> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  bool: 1,
  string: 0,
  uint64: 8,
  int64: 8,
  float64: 8,
}

/** No real header comes near it; a larger one is a damaged length. */
const maxHeaderBytes = 2 ** 30
const maxDimensions = 4

/** Name, weights per block, bytes per block of each tensor type. Source: ggml.c, `type_traits`. */
export const tensorTypes: Record<number, readonly [name: string, blockLength: number, blockBytes: number]> = {
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

/** Something that asks for bytes, and is given a buffer that begins where it asked. */
export type Reading<T> = Generator<BytesWanted, T, Buffer>

/** Finds where the texts end that begin at `offset`, by guessing; null if it would rather have them read. */
export type GuessEndOfTexts = (array: { key: string; count: number; offset: number }) => Reading<number | null>

/**
 * The header of the file of `fileBytes` bytes that failures call `path`. Yields what bytes it needs
 * and is given a buffer that begins at that offset; a longer one saves further questions. Throws
 * NOT_GGUF, FILE_TRUNCATED or FILE_DAMAGED; the last one also where `guessEnd` was wrong, because then
 * header and tensors do not fill the file.
 */
export function* parseGgufHeader(path: string, fileBytes: number, guessEnd?: GuessEndOfTexts): Reading<GgufHeader> {
  return yield* new HeaderReader(path, fileBytes, guessEnd).read()
}

class HeaderReader {
  readonly #path: string
  readonly #fileBytes: number
  readonly #guessEnd: GuessEndOfTexts | undefined
  #hasGuessed = false
  #offset = 0
  #window: Buffer = Buffer.alloc(0)
  #windowOffset = 0

  constructor(path: string, fileBytes: number, guessEnd?: GuessEndOfTexts) {
    this.#path = path
    this.#fileBytes = fileBytes
    this.#guessEnd = guessEnd
  }

  *read(): Reading<GgufHeader> {
    if (this.#fileBytes < 4 || (yield* this.#take(4)).toString('latin1') !== 'GGUF') {
      throw new AppFailure('NOT_GGUF', { path: this.#path })
    }
    const version = yield* this.#u32()
    if (version !== 2 && version !== 3) throw this.#damaged(`GGUF version ${version}`)
    const tensorCount = yield* this.#u64()
    const metadataCount = yield* this.#u64()
    const metadata = new Map<string, GgufValue>()
    const types = new Map<string, GgufType | 'array'>()
    for (let i = 0; i < metadataCount; i++) {
      const key = yield* this.#string()
      const type = valueTypes[yield* this.#u32()]
      if (!type) throw this.#damaged(`${key} has an unknown type`)
      metadata.set(key, type === 'array' ? yield* this.#array(key) : yield* this.#value(type))
      types.set(key, type)
    }
    const alignment = metadata.get('general.alignment') ?? 32
    if (typeof alignment !== 'number' || alignment < 1 || alignment % 8 !== 0) throw this.#damaged('alignment')
    return { metadata, types, tensors: yield* this.#tensors(tensorCount, alignment) }
  }

  *#tensors(count: number, alignment: number): Reading<GgufTensor[]> {
    const tensors: GgufTensor[] = []
    let endBytes = 0
    for (let i = 0; i < count; i++) {
      const name = yield* this.#string()
      const dimensionCount = yield* this.#u32()
      if (dimensionCount > maxDimensions) throw this.#damaged(`tensor ${name} has ${dimensionCount} dimensions`)
      const dimensions: number[] = []
      while (dimensions.length < dimensionCount) dimensions.push(yield* this.#u64())
      const typeNumber = yield* this.#u32()
      const offset = yield* this.#u64()
      const traits = tensorTypes[typeNumber]
      if (!traits) throw this.#damaged(`tensor ${name} has the unknown type ${typeNumber}`)
      if (offset !== padded(endBytes, alignment)) throw this.#damaged(`tensor ${name} is not where it should be`)
      const [type, blockLength, blockBytes] = traits
      const elementCount = dimensions.reduce((product, length) => product * length, 1)
      const sizeBytes = (elementCount / blockLength) * blockBytes
      if (!Number.isSafeInteger(sizeBytes)) throw this.#damaged(`tensor ${name} has an impossible size`)
      tensors.push({ name, type, dimensions, elementCount, sizeBytes })
      endBytes = offset + sizeBytes
    }
    const expectedBytes = padded(this.#offset, alignment) + endBytes
    if (this.#fileBytes < expectedBytes) throw this.#truncated(expectedBytes)
    if (this.#hasGuessed && this.#fileBytes > padded(expectedBytes, alignment)) throw this.#damaged('a wrong guess')
    return tensors
  }

  *#value(type: GgufType): Reading<string | number | boolean> {
    if (type === 'string') return yield* this.#string()
    return ggufScalar(type, yield* this.#take(ggufTypeBytes[type]), 0)
  }

  *#array(key: string): Reading<GgufArray> {
    const elementType = valueTypes[yield* this.#u32()]
    if (!elementType || elementType === 'array') throw this.#damaged(`${key} is an array of an unknown type`)
    const arrayLength = yield* this.#u64()
    const offset = this.#offset
    if (elementType === 'string') yield* this.#skipStrings(key, arrayLength)
    else this.#skip(arrayLength * ggufTypeBytes[elementType])
    return { arrayLength, elementType, offset, sizeBytes: this.#offset - offset }
  }

  /** A vocabulary has a quarter of a million: the window is asked for only where it ends. */
  *#skipStrings(key: string, count: number): Reading<void> {
    const guessed = this.#guessEnd ? yield* this.#guessEnd({ key, count, offset: this.#offset }) : null
    if (guessed !== null) {
      this.#hasGuessed = true
      return this.#skip(guessed - this.#offset)
    }
    for (let i = 0; i < count; i++) {
      const at = this.#offset - this.#windowOffset
      if (at < 0 || at + 8 > this.#window.length) this.#skip(unsigned64(yield* this.#take(8), 0))
      else this.#skip(8 + unsigned64(this.#window, at))
    }
  }

  *#string(): Reading<string> {
    return (yield* this.#take(yield* this.#u64())).toString('utf8')
  }

  *#u32(): Reading<number> {
    return (yield* this.#take(4)).readUInt32LE()
  }

  *#u64(): Reading<number> {
    return unsigned64(yield* this.#take(8), 0)
  }

  #skip(length: number): void {
    const end = this.#offset + length
    if (end > this.#fileBytes) {
      throw end > maxHeaderBytes ? this.#damaged('a length beyond the end of the file') : this.#truncated(end)
    }
    this.#offset = end
  }

  /** The next bytes. */
  *#take(length: number): Reading<Buffer> {
    const start = this.#offset
    this.#skip(length)
    if (start < this.#windowOffset || this.#offset > this.#windowOffset + this.#window.length) {
      if (length > maxHeaderBytes) throw this.#damaged('a text of more than a gigabyte')
      this.#window = yield { offset: start, length }
      this.#windowOffset = start
      // Another process may be writing to the file.
      if (this.#window.length < length) throw this.#truncated(this.#offset)
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

/** The value of that type at `offset`. Whole numbers are exact up to 2^53. */
export function ggufScalar(type: Exclude<GgufType, 'string'>, bytes: Buffer, offset: number): number | boolean {
  switch (type) {
    case 'uint8':
      return bytes.readUInt8(offset)
    case 'int8':
      return bytes.readInt8(offset)
    case 'uint16':
      return bytes.readUInt16LE(offset)
    case 'int16':
      return bytes.readInt16LE(offset)
    case 'uint32':
      return bytes.readUInt32LE(offset)
    case 'int32':
      return bytes.readInt32LE(offset)
    case 'float32':
      return bytes.readFloatLE(offset)
    case 'bool':
      return bytes.readUInt8(offset) !== 0
    case 'uint64':
      return unsigned64(bytes, offset)
    case 'int64':
      return Number(bytes.readBigInt64LE(offset))
    case 'float64':
      return bytes.readDoubleLE(offset)
  }
}

/** Exact up to 2^53; more is beyond any file and fails the next check. */
function unsigned64(bytes: Buffer, offset: number): number {
  return bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * 2 ** 32
}

function padded(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment
}
