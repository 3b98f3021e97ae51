import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

/** Whether the promise has settled, and with what. */
async function now<T>(promise: Promise<T>): Promise<T | 'waiting'> {
  return Promise.race([promise, new Promise<'waiting'>((resolve) => setTimeout(resolve, 5, 'waiting'))])
}

// An answer would overtake one that was asked for before, or a freed slot would stay empty.
test('places go to those who wait, in order, and never to more than there are', async () => {
  const turns = new Turns()
  turns.count = 2
  expect(await Promise.all([turns.take(), turns.take()])).toEqual([true, true])
  expect(turns.hasFree).toBe(false)
  const third = turns.take()
  const fourth = turns.take()
  expect(await now(third)).toBe('waiting')
  turns.giveBack()
  expect(await now(third)).toBe(true)
  expect(await now(fourth)).toBe('waiting')
  turns.giveBack()
  expect(await now(fourth)).toBe(true)
})

// A stopped chat would keep its place in the queue, and the next one would wait for ever.
test('who leaves the queue is passed over', async () => {
  const turns = new Turns()
  await turns.take()
  const leaving = new AbortController()
  const second = turns.take(leaving.signal)
  const third = turns.take()
  leaving.abort()
  expect(await now(second)).toBe(false)
  turns.giveBack()
  expect(await now(third)).toBe(true)
  expect(turns.hasFree).toBe(false)
})

// Loading with fewer slots while answers run must not hand out a place twice.
test('fewer places take effect as they are given back', async () => {
  const turns = new Turns()
  turns.count = 2
  await Promise.all([turns.take(), turns.take()])
  turns.count = 1
  const third = turns.take()
  turns.giveBack()
  expect(await now(third)).toBe('waiting')
  turns.giveBack()
  expect(await now(third)).toBe(true)
})
