import { assert, asyncProperty, array, constantFrom, nat, record } from 'fast-check'
import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

interface User {
  party: string
  isLoner?: boolean
}

const user = (party = 'a', isLoner = false): User => ({ party, isLoner })
const turnsOf = (count: number) => Object.assign(new Turns<User>(({ isLoner = false }) => isLoner), { count })

const soon = () => new Promise((resolve) => setTimeout(resolve, 2))

/** Whether the promise has settled, and with what. */
async function now<T>(promise: Promise<T>): Promise<T | 'waiting'> {
  return Promise.race([promise, new Promise<'waiting'>((resolve) => setTimeout(resolve, 5, 'waiting'))])
}

// An answer would overtake one that was asked for before, or a freed slot would stay empty.
test('places go to those who wait, in order, and never to more than there are', async () => {
  const turns = turnsOf(2)
  expect(await Promise.all([turns.take(user()), turns.take(user())])).toEqual([true, true])
  expect(turns.mustWait(user())).toBe(true)
  const third = turns.take(user())
  const fourth = turns.take(user())
  expect(await now(third)).toBe('waiting')
  turns.giveBack()
  expect(await now(third)).toBe(true)
  expect(await now(fourth)).toBe('waiting')
  turns.giveBack()
  expect(await now(fourth)).toBe(true)
})

// A stopped chat would keep its place in the queue, and the next one would wait for ever.
test('who leaves the queue is passed over', async () => {
  const turns = turnsOf(1)
  await turns.take(user())
  const leaving = new AbortController()
  const second = turns.take(user(), leaving.signal)
  const third = turns.take(user())
  leaving.abort()
  expect(await now(second)).toBe(false)
  turns.giveBack()
  expect(await now(third)).toBe(true)
  expect(turns.mustWait(user())).toBe(true)
})

// Loading with fewer slots while answers run must not hand out a place twice.
test('fewer places take effect as they are given back, and more at once', async () => {
  const turns = turnsOf(2)
  await Promise.all([turns.take(user()), turns.take(user())])
  turns.count = 1
  const [third, fourth] = [turns.take(user()), turns.take(user())]
  turns.giveBack()
  expect(await now(third)).toBe('waiting')
  turns.giveBack()
  expect(await now(third)).toBe(true)
  turns.count = 2
  expect(await now(fourth)).toBe(true)
})

// A batch job with fifty requests under way would keep an editor waiting for all of them.
test('a party that asks once waits for one turn of each other party at most', async () => {
  for (const count of [1, 4]) {
    const turns = turnsOf(count)
    const order: string[] = []
    const asking = (party: string) => turns.take(user(party)).then(() => order.push(party))
    for (let i = 0; i < 50 + count; i++) void asking('batch')
    await soon()
    order.length = 0
    void asking('editor')
    void asking('window')
    for (let i = 0; i < 4; i++) {
      turns.giveBack()
      await soon()
    }
    expect(order).toEqual(['batch', 'editor', 'window', 'batch'])
  }
})

// A client with another wish would wait for ever while others come and go, or change the model under an answer.
test('who must be alone comes in when all have left, and is not overtaken', async () => {
  const turns = turnsOf(3)
  await Promise.all([turns.take(user('a')), turns.take(user('b'))])
  const alone = turns.take(user('c', true))
  const late = turns.take(user('d'))
  expect([await now(alone), await now(late)]).toEqual(['waiting', 'waiting'])
  turns.giveBack()
  expect([await now(alone), await now(late)]).toEqual(['waiting', 'waiting'])
  turns.giveBack()
  expect([await now(alone), await now(late)]).toEqual([true, 'waiting'])
  turns.count = 2 // what they wanted is done
  expect(await now(late)).toBe(true)
  const next = turns.take(user('c'))
  expect(await now(next)).toBe('waiting')
  turns.giveBack()
  expect(await now(next)).toBe(true)
})

// Fifty requests would try, one after the other, what failed for the first.
test('those whom a failure concerns are refused, the others go on', async () => {
  const turns = turnsOf(1)
  await turns.take(user('a'))
  const [refused, kept] = [turns.take(user('b', true)), turns.take(user('c'))]
  turns.refuse(({ isLoner }) => isLoner === true, new Error('no memory'))
  await expect(refused).rejects.toThrow('no memory')
  turns.giveBack()
  expect(await now(kept)).toBe(true)
})

// A place that is lost makes a model slower for ever; one too many makes two answers share a slot.
test('however users come, leave and are refused, no place is lost or given twice', async () => {
  const step = record({
    act: constantFrom('take', 'take', 'take loner', 'abort', 'give back', 'give back', 'count', 'refuse'),
    party: constantFrom('a', 'b', 'c'),
    number: nat(7),
  })
  await assert(
    asyncProperty(array(step, { maxLength: 60 }), async (steps) => {
      const turns = turnsOf(2)
      let count = 2
      const inside: User[] = []
      const waiting = new Map<AbortController, User>()
      const settle = async () => {
        for (let i = 0; i < 5; i++) await Promise.resolve()
      }
      const take = (who: User) => {
        const leaving = new AbortController()
        waiting.set(leaving, who)
        turns.take(who, leaving.signal).then(
          (hasTurn) => {
            waiting.delete(leaving)
            if (!hasTurn) return
            if (who.isLoner) expect(inside).toEqual([])
            inside.push(who)
          },
          () => waiting.delete(leaving),
        )
      }
      for (const { act, party, number } of steps) {
        if (act === 'take' || act === 'take loner') take(user(party, act === 'take loner'))
        else if (act === 'abort') [...waiting.keys()][number]?.abort()
        else if (act === 'refuse') turns.refuse((who) => who.party === party, new Error('refused'))
        else if (act === 'count') turns.count = count = 1 + number
        else if (inside.length > 0) {
          inside.splice(number % inside.length, 1)
          turns.giveBack()
        }
        const before = inside.length
        await settle()
        if (inside.length > before) expect(inside.length).toBeLessThanOrEqual(count)
        expect(turns.waitingCount).toBe(waiting.size)
      }
      // Everybody gets a turn in the end, and all places are free again.
      for (let i = 0; inside.length + waiting.size > 0; i++) {
        expect(i).toBeLessThan(200)
        if (inside.pop()) turns.giveBack()
        await settle()
      }
      turns.count = count
      for (let i = 0; i < count; i++) expect(await now(turns.take(user()))).toBe(true)
      expect(turns.mustWait(user())).toBe(true)
    }),
    { numRuns: 300 },
  )
})
