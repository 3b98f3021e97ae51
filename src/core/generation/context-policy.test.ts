import fc from 'fast-check'
import { expect, test } from 'vitest'
import { extendCut, reservedTokens, turnsOf, type CuttingPolicy, type PathRange } from './context-policy.ts'

const policies = ['drop-oldest', 'drop-middle', 'summarise'] as const

function kept(turnTokens: number[], cut: PathRange | null): number {
  return turnTokens.reduce((sum, tokens, turn) => (cut && turn >= cut.from && turn <= cut.to ? sum : sum + tokens), 0)
}

// Bug: a policy drops the message being answered, stops too early, leaves holes, or drops a chat that fits.
test('what is cut makes it fit if anything does, in one piece, never with the last turn', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 64, max: 4096 }),
      fc.integer({ min: 0, max: 200 }),
      fc.constantFrom(...policies),
      fc.option(fc.nat(30), { nil: null }),
      (turnTokens, contextSize, fixed, policy, already) => {
        const limit = contextSize - reservedTokens(contextSize, null)
        const start = policy === 'drop-middle' ? 1 : 0
        const last = turnTokens.length - 1
        const to = already === null ? -1 : Math.min(start + already, last - 1)
        const cut = to >= start ? { from: start, to } : null
        const promptTokens = fixed + kept(turnTokens, cut)
        const next = extendCut({ policy, turnTokens, cut, promptTokens, limit, contextSize })
        const after = fixed + kept(turnTokens, next)
        if (next) expect(next.from <= next.to && next.to < last).toBe(true)
        if (cut) expect(next!.from <= cut.from && next!.to >= cut.to).toBe(true)
        if (fixed + turnTokens[last]! <= limit) expect(after).toBeLessThanOrEqual(limit)
        if (fixed + turnTokens[last]! + turnTokens[0]! <= limit && start === 1) expect(next?.from ?? 1).toBe(1)
      },
    ),
  )
})

// Bug: each turn of a full chat cuts a little, and every prompt is read anew.
test('in a long chat a cut comes once in many turns, and most prompts only grow', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 20, max: 100 }), { minLength: 100, maxLength: 200 }),
      fc.constantFrom<CuttingPolicy>(...policies),
      (turnTokens, policy) => {
        const contextSize = 2048
        const limit = contextSize - reservedTokens(contextSize, null)
        let cut: PathRange | null = null
        let cuts = 0
        for (let turns = 1; turns <= turnTokens.length; turns++) {
          const path = turnTokens.slice(0, turns)
          const promptTokens = kept(path, cut)
          if (promptTokens <= limit) continue
          const next = extendCut({ policy, turnTokens: path, cut, promptTokens, limit, contextSize })
          // Half the context is free again, but for the last turn that did not go in.
          expect(promptTokens - kept(path, next)).toBeGreaterThan(contextSize / 2 - 100)
          expect(kept(path, next)).toBeGreaterThan(limit / 4)
          cut = next
          cuts++
        }
        const total = turnTokens.reduce((sum, tokens) => sum + tokens, 0)
        expect(cuts).toBeLessThanOrEqual(Math.ceil((total - limit) / (contextSize / 2 - 100)))
      },
    ),
  )
})

test('keeps room for the answer, but never more than half', () => {
  expect([reservedTokens(4096, null), reservedTokens(32_768, null), reservedTokens(512, null)]).toEqual([512, 1024, 64])
  expect([reservedTokens(4096, 100), reservedTokens(4096, 131_072)]).toEqual([100, 2048])
})

// Bug: an answer and its question are torn apart, or answers that failed begin turns of their own.
test('a turn is a question with all that follows it', () => {
  const path = ['user', 'assistant', 'user', 'assistant', 'user'].map((role) => ({ role }) as { role: 'user' })
  expect(turnsOf(path)).toEqual([
    { from: 0, to: 1 },
    { from: 2, to: 3 },
    { from: 4, to: 4 },
  ])
})
