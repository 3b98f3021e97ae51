import { expect, test } from 'vitest'
import { DraftPay } from './draft-pay.ts'

/** An answer of 80 tokens, at so many milliseconds a token. */
function answer(pay: DraftPay, plainMs: number, draftedMs: number): number {
  const plainTokens = pay.beginAnswer()
  for (let token = 0; token < 80 && !pay.isPaused; token++) {
    const isDrafted = token >= plainTokens
    pay.measured(isDrafted, 1, isDrafted ? draftedMs : plainMs)
  }
  return plainTokens
}

// Bug: a slow draft slows every chat down, or a fast one is given up by chance.
test('drafting goes on while it is faster, and is over soon when it is not', () => {
  const fast = new DraftPay()
  for (let round = 0; round < 100; round++) answer(fast, 10, 5)
  expect(fast).toMatchObject({ isPaused: false })
  expect(fast.plainTokensPerSecond).toBeCloseTo(100)

  const slow = new DraftPay()
  answer(slow, 10, 12)
  expect(slow.isPaused).toBe(true)

  const turned = new DraftPay()
  for (let round = 0; round < 20; round++) answer(turned, 10, 5)
  let rounds = 0
  while (!turned.isPaused) rounds += Math.sign(answer(turned, 10, 20)) || 1
  expect(rounds).toBeLessThan(20)
})

// Bug: every answer pays for the measurement.
test('the speed without drafting is measured in the first answers, then in every eighth', () => {
  const pay = new DraftPay()
  const stretches = Array.from({ length: 18 }, () => answer(pay, 10, 5))
  expect(stretches.filter((tokens) => tokens > 0)).toHaveLength(4)
  expect(stretches.slice(0, 2).every((tokens) => tokens > 0)).toBe(true)
  expect(new DraftPay().plainTokensPerSecond).toBeNull()
})
