import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

const chunkBytes = 512 * 1024

/**
 * SHA-256 of a file of `sizeBytes` that is still being written. `advance` hashes up to the bytes that are
 * there, and returns the hash as hex when those were all, else null.
 */
export function hashGrowingFile(path: string, sizeBytes: number) {
  const file = openSync(path, 'r')
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafeSlow(chunkBytes)
  let hashedBytes = 0
  return {
    advance(availableBytes: number): string | null {
      while (hashedBytes < availableBytes) {
        const length = readSync(file, chunk, 0, Math.min(chunkBytes, availableBytes - hashedBytes), hashedBytes)
        if (length === 0) throw new Error(`${path} is shorter than what was written`)
        hash.update(chunk.subarray(0, length))
        hashedBytes += length
      }
      if (hashedBytes < sizeBytes) return null
      closeSync(file)
      return hash.digest('hex')
    },
  }
}
