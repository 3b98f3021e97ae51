import { expect, test } from 'vitest'
import { PromptPace } from './prompt-pace.ts'

/** Reads a long prompt on a machine that reads `tokensPerSecond`, and gives the times of its pieces. */
function read(tokensPerSecond: number): { pieceMs: number[]; pieceLengths: number[] } {
  const pace = new PromptPace(512)
  const pieceMs: number[] = []
  const pieceLengths: number[] = []
  for (let piece = 0; piece < 12; piece++) {
    const length = pace.pieceLength
    const elapsedMs = (length / tokensPerSecond) * 1000
    pieceMs.push(elapsedMs)
    pieceLengths.push(length)
    pace.measured(length, elapsedMs)
  }
  return { pieceMs, pieceLengths }
}

test.each([10, 60, 300, 900, 2500])('at %d tokens a second only the first piece may take 250 ms', (speed) => {
  expect(Math.max(...read(speed).pieceMs.slice(1))).toBeLessThan(250)
})

test('a fast machine reads whole batches, a hopelessly slow one single tokens', () => {
  expect(read(50_000).pieceLengths.at(-1)).toBe(512)
  expect(read(1).pieceLengths.at(-1)).toBe(1)
})
