import { expect, test } from 'vitest'
import { TransferRate } from './transfer-rate.ts'

// Bug: the rate stays at its last value when nothing comes any more.
test('falls to nothing when nothing comes', () => {
  const rate = new TransferRate()
  expect(rate.bytesPerSecond).toBeNull()
  for (let second = 0; second <= 10; second++) rate.add(second * 1000, second * 1000)
  expect(rate.bytesPerSecond).toBe(1000)
  for (let second = 11; second <= 15; second++) rate.add(10_000, second * 1000)
  expect(rate.bytesPerSecond).toBe(0)
})
