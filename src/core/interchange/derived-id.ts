import { createHash } from 'node:crypto'

/**
 * A UUID v7 that is the same whenever it is made of the same things, so that what is imported twice is noticed. It
 * sorts by `timeMs`, and among equal times by `order`.
 */
export function derivedId(timeMs: number, order: number, ...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest()
  const time = Math.max(0, Math.floor(timeMs)) + Math.floor(order / 4096)
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(Math.min(time, 2 ** 48 - 1), 0, 6)
  bytes.writeUInt16BE(0x7000 | (order % 4096), 6)
  hash.copy(bytes, 8, 0, 8)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
