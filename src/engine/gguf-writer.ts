import { ggufTypeBytes, type GgufType } from '../shared/lib/gguf-header.ts'

const firstBytes = 2 ** 16

/** Appends values as a GGUF file has them: little-endian, texts with their length before them. */
export class GgufWriter {
  #bytes = Buffer.alloc(firstBytes)
  #length = 0

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  uint32(value: number): void {
    this.#length = this.#withRoom(4).writeUInt32LE(value, this.#length)
  }

  uint64(value: number): void {
    this.#length = this.#withRoom(8).writeBigUInt64LE(BigInt(value), this.#length)
  }

  text(value: string): void {
    const length = Buffer.byteLength(value)
    this.uint64(length)
    this.#withRoom(length).write(value, this.#length)
    this.#length += length
  }

  raw(bytes: Buffer): void {
    bytes.copy(this.#withRoom(bytes.length), this.#length)
    this.#length += bytes.length
  }

  value(type: GgufType, value: string | number | boolean): void {
    if (type === 'string') return this.text(String(value))
    const byteCount = ggufTypeBytes[type]
    const bytes = this.#withRoom(byteCount)
    const number = Number(value)
    if (type === 'float32') bytes.writeFloatLE(number, this.#length)
    else if (type === 'float64') bytes.writeDoubleLE(number, this.#length)
    else if (type === 'int64') bytes.writeBigInt64LE(BigInt(number), this.#length)
    else if (type === 'uint64') bytes.writeBigUInt64LE(BigInt(number), this.#length)
    else if (type.startsWith('int')) bytes.writeIntLE(number, this.#length, byteCount)
    else bytes.writeUIntLE(number, this.#length, byteCount)
    this.#length += byteCount
  }

  /** Zeros up to the next multiple. */
  pad(alignment: number): void {
    this.raw(Buffer.alloc((alignment - (this.#length % alignment)) % alignment))
  }

  #withRoom(byteCount: number): Buffer {
    while (this.#length + byteCount > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)])
    }
    return this.#bytes
  }
}
