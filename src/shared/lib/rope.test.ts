import { expect, test } from 'vitest'
import type { Rope } from '../contract/load-settings.ts'
import { ntkBase, resolveRope, ropeFacts, type RopeFacts } from './rope.ts'

function file(trainContextSize: number, more: Record<string, unknown> = {}): RopeFacts {
  const metadata: Record<string, unknown> = {
    context_length: trainContextSize,
    'rope.dimension_count': 128,
    'rope.freq_base': 10_000,
    ...more,
  }
  return ropeFacts((key) => metadata[key])
}

const phase1 = file(2048)
const phase2 = file(4096)
const phase2Long = file(16_384, { 'rope.scaling.type': 'linear', 'rope.scaling.factor': 4 })
const phase2Yarn = file(65_536, {
  'rope.scaling.type': 'yarn',
  'rope.scaling.factor': 16,
  'rope.scaling.original_context_length': 4096,
})
const llama3 = file(8192, { 'rope.freq_base': 500_000 })
const rope = (method: Rope['method'], more: Partial<Rope> = {}): Rope => ({
  method,
  factor: null,
  base: null,
  originalContextSize: null,
  ...more,
})

// The table of both projects' formulas.
test.each([
  [4096, 33_631, null, null],
  [6144, 56_509, 20_221, null],
  [8192, 79_536, 30_528, null],
  [12_288, 125_885, 51_294, null],
  [16_384, 172_508, 72_196, null],
  [18_432, null, 82_685, 12_544],
  [24_576, null, 114_268, 20_221],
  [32_768, null, 156_588, 30_528],
])('the automatic NTK base for %d tokens', (contextSize, ofPhase1, ofPhase2, ofPhase2Long) => {
  if (ofPhase1 !== null) expect(Math.round(ntkBase(phase1, contextSize))).toBe(ofPhase1)
  if (ofPhase2 !== null) expect(Math.round(ntkBase(phase2, contextSize))).toBe(ofPhase2)
  if (ofPhase2Long !== null) expect(Math.round(ntkBase(phase2Long, contextSize))).toBe(ofPhase2Long)
})

test('within the training context, NTK leaves the base as it is', () => {
  for (const model of [phase1, phase2, phase2Long, llama3]) {
    expect(ntkBase(model, model.trainContextSize)).toBe(model.base)
  }
})

test('the models of Llama 3 get the bases that are known to work', () => {
  expect(resolveRope(rope('ntk'), llama3, 32_768)).toEqual(rope('ntk', { base: 1_000_000 }))
  expect(resolveRope(rope('ntk'), llama3, 98_304)).toEqual(rope('ntk', { base: 4_000_000 }))
})

test('PI divides positions by how much longer the context is than it was before any stretching', () => {
  expect(resolveRope(rope('linear'), phase2, 16_384)).toEqual(rope('linear', { factor: 4 }))
  expect(resolveRope(rope('linear'), phase2Long, 16_384)).toEqual(rope('linear', { factor: 4 }))
  expect(resolveRope(rope('linear'), phase2Long, 32_768)).toEqual(rope('linear', { factor: 8 }))
  // A model that was trained on stretched positions keeps them in a short context.
  expect(resolveRope(rope('linear'), phase2Long, 2048)).toEqual(rope('linear', { factor: 4 }))
})

test('YaRN takes the context before stretching, too', () => {
  const yarn = rope('yarn', { factor: 16, originalContextSize: 4096 })
  expect(resolveRope(rope('yarn'), phase2, 65_536)).toEqual(yarn)
  expect(resolveRope(rope('yarn'), phase2Yarn, 65_536)).toEqual(yarn)
})

test("a person's numbers are taken as they are, and those of other methods left out", () => {
  const chosen = { factor: 3, base: 77_777, originalContextSize: 1000 }
  expect(resolveRope(rope('yarn', chosen), phase2, 8192)).toEqual(rope('yarn', chosen))
  expect(resolveRope(rope('linear', chosen), phase2, 8192)).toEqual(rope('linear', { factor: 3, base: 77_777 }))
  expect(resolveRope(rope('ntk', chosen), phase2, 8192)).toEqual(rope('ntk', { base: 77_777 }))
  expect(resolveRope(rope('none'), phase2Long, 8192)).toEqual(rope('none'))
  expect(resolveRope(rope('file', chosen), phase2, 8192)).toBeNull()
})

test('a file without the keys is read as llama.cpp reads it', () => {
  const metadata: Record<string, unknown> = { context_length: 2048, embedding_length: 4096, 'attention.head_count': 32 }
  expect(ropeFacts((key) => metadata[key])).toEqual(phase1)
})
