/** Reads the head of a GGUF file on this machine, and the arrays in it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { parseGgufHeader, type GgufArray, type GgufHeader } from '../shared/lib/gguf-header.ts'

const windowBytes = 2 ** 20
/** No vocabulary comes near it. */
const maxArrayBytes = 2 ** 28

/** A file that is open for reading. */
export interface OpenGguf {
  header: GgufHeader
  sizeBytes: number
  /** The elements of an array as they are in the file. Throws FILE_DAMAGED beyond 256 MB. */
  arrayBytes(array: GgufArray): Buffer
}

/**
 * Gives the open file to `look` and closes it after. Throws NOT_GGUF, FILE_TRUNCATED or
 * FILE_DAMAGED; errors of the file system pass through.
 */
export function withGguf<T>(path: string, look: (file: OpenGguf) => T): T {
  const file = openSync(path, 'r')
  try {
    const sizeBytes = fstatSync(file).size
    const read = (offset: number, length: number) => {
      const buffer = Buffer.alloc(length)
      return buffer.subarray(0, readSync(file, buffer, 0, length, offset))
    }
    const parsing = parseGgufHeader(path, sizeBytes)
    let step = parsing.next()
    while (!step.done) {
      step = parsing.next(read(step.value.offset, Math.max(step.value.length, windowBytes)))
    }
    const arrayBytes = (array: GgufArray) => {
      if (array.sizeBytes > maxArrayBytes) {
        throw new AppFailure('FILE_DAMAGED', { path, detail: `an array of ${array.sizeBytes} bytes` })
      }
      return read(array.offset, array.sizeBytes)
    }
    return look({ header: step.value, sizeBytes, arrayBytes })
  } finally {
    closeSync(file)
  }
}

/** See `withGguf`. Of a split model, what is in this part. */
export function readGgufHeader(path: string): GgufHeader {
  return withGguf(path, ({ header }) => header)
}
