import { expect, test } from 'vitest'
import type { CatalogFile } from '../contract/catalog.ts'
import type { Fit } from '../contract/fit.ts'
import { bitsPerWeightOf } from './quantizations.ts'
import { recommendFile, type Candidate } from './recommend-file.ts'

const automatic = { quantization: 'automatic', preferImatrix: true } as const

function candidate(quantization: string, fit: Partial<Fit> = {}, file: Partial<CatalogFile> = {}): Candidate {
  return {
    file: {
      name: `${quantization}${file.isImatrix ? '-im' : ''}.gguf`,
      quantization,
      isImatrix: false,
      sizeBytes: 1e9,
      bitsPerWeight: bitsPerWeightOf(quantization)!,
      perplexity: null,
      sha256: null,
      certainty: 'seen',
      ...file,
    },
    fit: { verdict: 'fits-cpu', isTight: false, expectedTokensPerSecond: 20, ...fit } as Fit,
  }
}

function nameOf(found: Candidate | null): string | undefined {
  return found?.file.name
}

test('The best that fits with room and is fast, but no half precision', () => {
  const files = [candidate('F16'), candidate('Q8_0', { isTight: true }), candidate('Q6_K'), candidate('Q4_K')]
  expect(nameOf(recommendFile(files, automatic))).toBe('Q6_K.gguf')
})

test('Q4_K where all are slow, or where nobody knows how fast they are', () => {
  for (const expectedTokensPerSecond of [3, null]) {
    const files = ['Q8_0', 'Q6_K', 'Q4_0', 'Q4_K', 'Q2_K'].map((name) => candidate(name, { expectedTokensPerSecond }))
    expect(nameOf(recommendFile(files, automatic))).toBe('Q4_K.gguf')
  }
})

test('No very small quantization for the sake of speed', () => {
  const files = [candidate('Q4_K', { expectedTokensPerSecond: 5 }), candidate('Q2_K', { expectedTokensPerSecond: 9 })]
  expect(nameOf(recommendFile(files, automatic))).toBe('Q4_K.gguf')
})

test('Any that fits before none, the smallest last', () => {
  const tooLarge = { verdict: 'too-large' } as const
  const files = [candidate('Q8_0', tooLarge), candidate('Q3_K', { isTight: true }), candidate('Q2_K', { isTight: true })]
  expect(nameOf(recommendFile(files, automatic))).toBe('Q3_K.gguf')
  expect(recommendFile([candidate('Q4_K', tooLarge), candidate('Q2_K', { verdict: 'unknown' })], automatic)).toBeNull()
})

test('The quantization that the settings name, if it fits, under its older name too', () => {
  const files = [candidate('Q8_0'), candidate('Q4_K', { isTight: true }), candidate('Q6_K', { verdict: 'too-large' })]
  expect(nameOf(recommendFile(files, { ...automatic, quantization: 'Q4_K_M' }))).toBe('Q4_K.gguf')
  expect(nameOf(recommendFile(files, { ...automatic, quantization: 'Q6_K' }))).toBe('Q8_0.gguf')
})

test('An importance matrix is preferred unless it made the file worse or nobody has seen the file', () => {
  const plain = { perplexity: 8.33 }
  const better = candidate('Q4_K', {}, { isImatrix: true, perplexity: 8.3 })
  const worse = candidate('Q4_K', {}, { isImatrix: true, perplexity: 9.1 })
  const unseen = candidate('Q4_K', {}, { isImatrix: true, perplexity: 8.3, certainty: 'inferred' })
  const recommended = (twin: Candidate, preferImatrix = true) =>
    nameOf(recommendFile([candidate('Q4_K', {}, plain), twin], { ...automatic, preferImatrix }))
  expect(recommended(better)).toBe('Q4_K-im.gguf')
  expect(recommended(better, false)).toBe('Q4_K.gguf')
  expect(recommended(worse)).toBe('Q4_K.gguf')
  expect(recommended(unseen)).toBe('Q4_K.gguf')
})

test('A twin that does not fit does not push out the one that does', () => {
  const files = [candidate('Q4_K'), candidate('Q4_K', { verdict: 'too-large' }, { isImatrix: true })]
  expect(nameOf(recommendFile(files, automatic))).toBe('Q4_K.gguf')
})
