import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteRanges } from './byte-ranges.ts'

const size = 60
const range = fc
  .tuple(fc.integer({ min: 0, max: size }), fc.integer({ min: 0, max: size }))
  .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }))

// Bug: a range that touches or covers others is counted twice, and a file with a hole is taken as whole.
test('is the set of bytes that were added', () => {
  fc.assert(
    fc.property(fc.array(range), fc.array(range), (added, others) => {
      const ranges = new ByteRanges(added)
      const has = (list: typeof added, i: number) => list.some(({ start, end }) => start <= i && i < end)
      const bytes = Array.from({ length: size }, (_, i) => has(added, i))
      expect(ranges.totalBytes).toBe(bytes.filter(Boolean).length)
      for (let i = 0; i < size; i++) {
        const end = bytes.indexOf(false, i)
        expect(ranges.runEnd(i)).toBe(end < 0 ? size : end)
      }
      const free = bytes.map((isIn, i) => !isIn && !has(others, i))
      const start = free.indexOf(true)
      const end = free.indexOf(false, start)
      expect(ranges.firstGap(size, others)).toEqual(start < 0 ? null : { start, end: end < 0 ? size : end })
      expect(new ByteRanges(ranges.toArray()).toArray()).toEqual(ranges.toArray())
    }),
  )
})
