import { expect, test } from 'vitest'
import { comparableRatio, correctionOf } from './measured-ratio.ts'

const load = { estimatedBytes: 1000, measuredBytes: 1000, weightsBytes: 600, useMmap: true }

test('A second copy of the weights beside the mapped file is no need', () => {
  expect(comparableRatio({ ...load, measuredBytes: 1500 })).toBe(1)
  expect(comparableRatio({ ...load, measuredBytes: 1700 })).toBeCloseTo(1.1)
  expect(comparableRatio({ ...load, measuredBytes: 1500, useMmap: false })).toBeCloseTo(1.5)
})

test('Nonsense is bounded', () => {
  expect(comparableRatio({ ...load, measuredBytes: 1 })).toBe(0.8)
  expect(comparableRatio({ ...load, measuredBytes: 90_000 })).toBe(2)
})

test('One odd load does not move the correction', () => {
  expect(correctionOf([])).toBe(1)
  expect(correctionOf([0.95, 2, 0.93])).toBe(0.95)
  expect(correctionOf([1, 1.2])).toBeCloseTo(1.1)
})
