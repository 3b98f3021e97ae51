import type { Token } from 'node-llama-cpp'
import { describe, expect, test } from 'vitest'
import { defaultSampling, type Sampling } from '../shared/lib/sampling.ts'
import { GuidedSampler, type Candidate } from './guided-sampler.ts'

const open: Sampling = { ...defaultSampling, temperature: 1, topK: 0, topP: 1, minP: 0, repeatPenalty: 1 }
/** Tokens 0, 1, 2 … with these probabilities. */
const shares = [0.5, 0.25, 0.125, 0.0625, 0.0625]
const candidates: Candidate[] = shares.map((share, token) => ({ token: token as Token, logit: Math.log(share) + 3 }))

/** How often each token comes in so many draws. */
function frequencies(
  sampling: Partial<Sampling>,
  draws = 4000,
  bias: ReadonlyMap<Token, number> | null = null,
): number[] {
  const changed = { ...open, ...sampling }
  const options = { sampling: changed, seed: 5, contextSize: 100, isBreaker: () => false, grammar: null, bias }
  const sampler = new GuidedSampler(options)
  const counts = shares.map(() => 0)
  for (let draw = 0; draw < draws; draw++) counts[sampler.draw(candidates, [])]!++
  return counts.map((count) => count / draws)
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  for (const [index, share] of expected.entries()) expect(Math.abs(found[index]! - share)).toBeLessThan(0.03)
}

// Bug: the sampler of guidance, which no other test compares with llama.cpp above temperature 0, draws something else.
describe('draws', () => {
  test('as often as the probabilities say', () => expectClose(frequencies({}), shares))
  test('more evenly at a higher temperature', () => {
    const weights = shares.map((share) => share ** 0.5)
    const sum = weights.reduce((a, b) => a + b)
    expectClose(frequencies({ temperature: 2 }), weights.map((weight) => weight / sum))
  })
  test('the likeliest at temperature 0', () => expect(frequencies({ temperature: 0 }, 20)).toEqual([1, 0, 0, 0, 0]))
  test('with what a request adds to scores, before the candidates are cut', () => {
    const bias = new Map([[1, Math.log(2)], [0, -1e9], [4, Math.log(8)]] as [Token, number][])
    expectClose(frequencies({ topK: 2 }, 4000, bias), [0, 0.5, 0, 0, 0.5])
  })
  test('of the k likeliest', () => expectClose(frequencies({ topK: 2 }), [2 / 3, 1 / 3, 0, 0, 0]))
  test('of those that reach top-p', () => {
    expectClose(frequencies({ topP: 0.7 }), [2 / 3, 1 / 3, 0, 0, 0])
    expect(frequencies({ topP: 0 }, 20)).toEqual([1, 0, 0, 0, 0])
  })
  test('of those that are likely enough beside the likeliest', () => {
    expectClose(frequencies({ minP: 0.2 }), [4 / 7, 2 / 7, 1 / 7, 0, 0])
  })
  test('without the likely ones but the last, as often as XTC says', () => {
    expectClose(frequencies({ xtcProbability: 1, xtcThreshold: 0.12 }), [0, 0, 0.5, 0.25, 0.25])
    expectClose(frequencies({ xtcProbability: 0.5, xtcThreshold: 0.12 }), [0.25, 0.125, 0.3125, 0.15625, 0.15625])
    expectClose(frequencies({ xtcProbability: 1, xtcThreshold: 0.5 }), shares)
  })
})

test('a grammar is asked about the chosen token first, then about the likeliest, and told what was taken', () => {
  const accepted: Token[] = []
  const grammar = {
    allows: (token: Token) => token === 3,
    accept: (tokens: readonly Token[]) => void accepted.push(...tokens),
  }
  const options = { sampling: open, seed: 5, contextSize: 100, isBreaker: () => false, bias: null }
  expect(new GuidedSampler({ ...options, grammar }).draw(candidates, [])).toBe(3)
  expect(accepted).toEqual([3])
  const impossible = new GuidedSampler({ ...options, grammar: { ...grammar, allows: () => false } })
  expect(() => impossible.draw(candidates, [])).toThrow(expect.objectContaining({ code: 'GRAMMAR_INVALID' }))
})

test('DRY counts no repetition across a breaker', () => {
  const sampling = { ...open, temperature: 0, dryMultiplier: 5 }
  const options = { sampling, seed: 5, contextSize: 100, grammar: null, bias: null }
  const draw = (answer: number[], isBreaker = (token: Token) => token === 9) =>
    new GuidedSampler({ ...options, isBreaker }).draw(candidates, answer as Token[])
  // 4 1 2 were followed by 0.
  expect(draw([4, 1, 2, 0, 3, 4, 1, 2])).toBe(1)
  expect(draw([4, 9, 2, 0, 3, 4, 9, 2])).toBe(0)
})
