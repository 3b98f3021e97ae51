/** How requests of programs have models loaded, on engines that only speak the protocol. */
import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultSettings } from '../../shared/contract/settings.ts'
import { FakeEngines, model, pause } from './fake-engines.fixture.ts'
import type { LoadedModels } from './loaded-models.ts'
import type { OnDemand } from './model-engine.ts'

let engines: FakeEngines
let loaded: LoadedModels

beforeEach(() => {
  engines = new FakeEngines()
  loaded = engines.loaded
})
afterEach(() => loaded.close())

/** What a request does, unless the test says otherwise. */
const work = async () => {
  await pause(2)
  return 'text'
}

function request(id: string, onDemand: OnDemand = {}, party = 'program', doWork: () => Promise<unknown> = work) {
  return loaded.use(model(id), 'request', { party, onDemand }, doWork)
}

/** A request that holds its slot until it is released. */
function holding(id: string, onDemand: OnDemand = {}, party = 'program') {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { done: request(id, onDemand, party, () => promise), release: resolve }
}

const loadedSizes = () => engines.loads.map(({ settings }) => settings.contextSize)
const wish = (contextSize: number): OnDemand => ({ loadChanges: { contextSize } })

// Ten requests at once would load ten times, or one after the other.
test('requests that come during a load wait for it, and then share the slots', async () => {
  engines.loadMs = 20
  let working = 0
  let most = 0
  const count = async () => {
    most = Math.max(most, ++working)
    await work()
    working--
  }
  await Promise.all(Array.from({ length: 10 }, (_, i) => request('a', {}, `${i % 3}`, count)))
  expect(engines.loads).toHaveLength(1)
  expect(most).toBe(4)
  expect(engines.state('a')).toMatchObject({ loadedBy: 'request', runtime: { slots: 4 } })
})

// Each of fifty waiting requests would try for seconds what failed for the first.
test('they share its failure; the next one tries again', async () => {
  engines.memory.total = 0
  engines.loadMs = 20
  const ends = await Promise.allSettled([1, 2, 3, 4].map(() => request('a')))
  expect(ends).toMatchObject(ends.map(() => ({ reason: { code: 'NOT_ENOUGH_MEMORY' } })))
  expect(engines.loads).toHaveLength(1)
  expect(loaded.loadStates().a).toMatchObject({ state: 'failed', failure: { code: 'NOT_ENOUGH_MEMORY' } })
  engines.memory.total = 1
  expect(await request('a')).toBe('text')
})

// A context that is too large for the machine would fail those who asked for none.
test('who wants it loaded otherwise does not share the failure', async () => {
  engines.loadMs = 20
  engines.memory.total = 0
  const first = request('a', wish(1_000_000))
  const second = request('a')
  await expect(first).rejects.toMatchObject({ code: 'NOT_ENOUGH_MEMORY' })
  engines.memory.total = 1
  expect(await second).toBe('text')
  expect(loadedSizes()).toEqual([1_000_000, null])
})

// A burst would pile up without end, or a chat in the window would be turned away for it.
test('no more wait than may, and who leaves makes room', async () => {
  engines.settings.apiMaxWaiting = 2
  engines.loadMs = 20
  const first = holding('a')
  const leaving = new AbortController()
  const options = { party: 'other', onDemand: {}, signal: leaving.signal }
  const second = loaded.use(model('a'), 'request', options, work)
  const third = request('a')
  await expect(request('a')).rejects.toMatchObject({ code: 'SERVER_BUSY', data: { model: 'a', waiting: 2 } })
  const chat = loaded.use(model('a'), 'chat', {}, work)
  leaving.abort()
  expect(await second).toBeNull()
  await pause(40)
  first.release()
  expect(await Promise.all([third, chat])).toEqual(['text', 'text'])

  engines.settings.apiMaxWaiting = 0
  const busy = [1, 2, 3, 4].map(() => holding('a'))
  await expect(request('a')).rejects.toMatchObject({ code: 'SERVER_BUSY', data: { waiting: 0 } })
  busy.forEach(({ release }) => release())
  await Promise.all(busy.map(({ done }) => done))
  expect(await request('a')).toBe('text')
})

// Somebody who switched it off would find models loaded all the same, or loaded ones useless.
test('where requests may load none, they use what is loaded or being loaded', async () => {
  engines.settings.apiLoadsOnDemand = false
  engines.loadMs = 20
  await expect(request('a')).rejects.toMatchObject({ code: 'MODEL_NOT_LOADED', data: { name: 'a' } })
  expect(loaded.loadStates()).toEqual({})
  const loading = loaded.load(model('a'))
  expect(await request('a', wish(1024))).toBe('text')
  await loading
  expect(await request('a', wish(1024))).toBe('text')
  expect(engines.loads).toHaveLength(1)

  const busy = [1, 2].map(() => holding('a')) // a hand-loaded model has one slot here
  await pause(5)
  const unloading = loaded.unload('a')
  busy.forEach(({ release }) => release())
  await expect(busy[1]!.done).rejects.toMatchObject({ code: 'MODEL_NOT_LOADED' })
  await unloading
})

// A model that a person chose would vanish because a program asked for another.
test('the next model takes the place of one that a request loaded, never of one loaded by hand or in use', async () => {
  engines.memory.total = 9
  await loaded.load(model('by hand'))
  await loaded.use(model('by chat'), 'chat', {}, work)
  await request('a')
  await request('taken over')
  await loaded.load(model('taken over'))
  expect(engines.state('taken over').loadedBy).toBe('hand')
  const using = holding('b')
  await pause(20)
  await request('c')
  expect(engines.ready).toEqual(['by hand', 'by chat', 'taken over', 'b', 'c'])
  using.release()
  await using.done
  await request('d')
  expect(engines.ready).toEqual(['by hand', 'by chat', 'taken over', 'd'])
  engines.settings.apiKeepsOneModel = false
  await request('e')
  expect(engines.ready).toEqual(['by hand', 'by chat', 'taken over', 'd', 'e'])
  expect(engines.memory.taken).toBe(5)
})

// `keep_alive: 0` would keep gigabytes for an hour, and `-1` would lose them.
test('how long it stays is what the newest request wants, else what the settings say', async () => {
  engines.settings.apiIdleMinutes = 10
  const left = () => engines.state('a').unloadsAt! - Date.now()
  await request('a')
  expect(left()).toBeCloseTo(600_000, -3)
  await request('a', { ttlSeconds: 30 })
  await request('a')
  expect(left()).toBeCloseTo(30_000, -3)
  const using = holding('a', { ttlSeconds: null })
  await pause(20)
  expect(engines.state('a').unloadsAt).toBeNull()
  using.release()
  await using.done
  expect(engines.state('a').unloadsAt).toBeNull()
  await request('a', { ttlSeconds: 0.05 })
  expect(engines.ready).toEqual(['a'])
  await pause(150)
  expect(engines.ready).toEqual([])
  await request('a', { ttlSeconds: 0 })
  expect(engines.ready).toEqual([])
  await request('a')
  expect(left()).toBeCloseTo(600_000, -3)
  await loaded.load(model('a'))
  await request('a', { ttlSeconds: 0 })
  expect(left()).toBeCloseTo(3_600_000, -3)
})

// An agent that needs a longer context would get the short one, or a person's model would be loaded anew.
test('a request that wants it loaded otherwise has it loaded anew when nobody uses it', async () => {
  await request('a', wish(2048))
  const using = holding('a')
  const other = request('a', wish(4096))
  const late = request('a', {}, 'late')
  await pause(20)
  expect(loadedSizes()).toEqual([2048])
  using.release()
  await Promise.all([other, late])
  expect(loadedSizes()).toEqual([2048, 4096])
  await request('a', wish(4096))
  await request('a', { loadChanges: { contextSize: 4096, slots: undefined, flashAttention: 'auto' } })
  expect(engines.loads).toHaveLength(2)
  await loaded.load(model('a'))
  await request('a', wish(2048))
  expect(engines.loads).toHaveLength(2)

  await request('default size')
  await request('default size', wish(8192))
  expect(engines.loads).toHaveLength(3)
})

// Two clients that want it otherwise would keep each other waiting for ever, or change it under an answer.
test('clients that alternate with different wishes are served in turn', async () => {
  const served: string[] = []
  const ask = (party: string, contextSize: number) =>
    request('a', wish(contextSize), party, async () => {
      expect(engines.state('a').loadOverrides).toEqual({ contextSize })
      await work()
      expect(engines.state('a').loadOverrides).toEqual({ contextSize })
      served.push(party)
    })
  const both = [1, 2, 3].flatMap(() => [ask('x', 1024), ask('y', 2048)])
  await Promise.all([...both, ...[4, 5, 6].map(() => ask('x', 1024))])
  expect(served.slice(0, 6)).toEqual(['x', 'y', 'x', 'y', 'x', 'y'])
  expect(served).toHaveLength(9)
  expect(engines.loads).toHaveLength(7) // x at its end is alone with its wish
})

// A client that gives up would leave its wish to the next one, or a model that nobody may use.
test('a load goes on when the one who asked for it leaves, unless the next wants another', async () => {
  engines.loadMs = 40
  const leave = async (onDemand: OnDemand) => {
    const signal = AbortSignal.timeout(10)
    expect(await loaded.use(model('a'), 'request', { onDemand, signal }, work)).toBeNull()
  }
  const left = leave(wish(1024))
  expect(await request('a', { loadChanges: { contextSize: undefined } })).toBe('text')
  await left
  expect(loadedSizes()).toEqual([1024])
  await loaded.unload('a')
  const alsoLeft = leave(wish(1024))
  expect(await request('a', wish(2048))).toBe('text')
  await alsoLeft
  expect(loadedSizes()).toEqual([1024, 1024, 2048])
  await loaded.unload('a')
  await loaded.use(model('a', { threads: 3 }), 'request', { onDemand: { loadChanges: { threads: undefined } } }, work)
  expect(engines.loads.at(-1)!.settings.threads).toBe(3)
  await loaded.unload('a')
  await leave({ ttlSeconds: 0 })
  await pause(80)
  expect(engines.ready).toEqual([])
  expect(engines.memory.taken).toBe(0)
})

// Each of a thousand requests a second would make every window draw.
test('when it will be unloaded is told once a second at most', async () => {
  await request('a')
  const before = engines.told.get('a')!.length
  for (let i = 0; i < 100; i++) await request('a')
  expect(engines.told.get('a')!.length - before).toBeLessThanOrEqual(1)
  await pause(1_100)
  expect(engines.told.get('a')!.at(-1)).toEqual(engines.state('a'))
  expect(engines.state('a').unloadsAt).not.toBeNull()
})

// The engine of a derived model that is gone would stay in memory, or an answer would be cut off.
test('a retired model is unloaded as soon as nobody uses it', async () => {
  await loaded.load(model('idle'), { ttlSeconds: null })
  const using = holding('busy')
  await pause(20)
  loaded.retire('idle')
  loaded.retire('busy')
  loaded.retire('unknown')
  expect(engines.ready).toEqual(['busy'])
  using.release()
  await using.done
  expect(engines.ready).toEqual([])
})

// A race would lose a slot, keep memory for nobody, or leave a request without an end.
test('whatever happens in whatever order, every request ends and nothing is left behind', async () => {
  const asks = ['ask', 'ask', 'ask', 'ask']
  const step = record({
    act: constantFrom(...asks, 'chat', 'abort', 'load', 'reload', 'unload', 'cancel', 'retire', 'settings', 'wait'),
    id: constantFrom('a', 'b', 'c'),
    party: constantFrom('x', 'y', 'z'),
    number: nat(5),
  })
  const codes = ['SERVER_BUSY', 'MODEL_NOT_LOADED', 'NOT_ENOUGH_MEMORY', 'LOAD_CANCELLED']
  await assert(
    asyncProperty(array(step, { maxLength: 40 }), async (steps) => {
      const engines = new FakeEngines()
      const { loaded } = engines
      engines.loadMs = 1
      const leaving = new AbortController()
      const ends: Promise<unknown>[] = []
      let working = 0
      const answer = async () => {
        working++
        await pause(1)
        working--
      }
      const note = (end: Promise<unknown>) => {
        end.catch(() => {}) // looked at below
        ends.push(end)
      }
      for (const { act, id, party, number } of steps) {
        const onDemand: OnDemand = { ttlSeconds: [undefined, null, 0, 0.001, 5, 60][number] }
        if (number % 2) onDemand.loadChanges = { contextSize: 1024 * number }
        const signal = number === 4 ? leaving.signal : undefined
        if (act === 'ask') note(loaded.use(model(id), 'r', { party, onDemand, signal }, answer))
        else if (act === 'chat') note(loaded.use(model(id), 'chat', { signal }, answer))
        else if (act === 'abort') leaving.abort()
        else if (act === 'load') note(loaded.load(model(id), { instead: number > 3 }))
        else if (act === 'reload') note(loaded.load(model(id), { reload: true, loadOverrides: { threads: number } }))
        else if (act === 'unload') note(loaded.unload(id))
        else if (act === 'cancel') loaded.cancelLoad(id)
        else if (act === 'retire') loaded.retire(id)
        else if (act === 'wait') await pause(number)
        else {
          const { settings } = engines
          const changes = { apiLoadsOnDemand: number !== 0, apiKeepsOneModel: number < 3, apiMaxWaiting: number * 2 }
          engines.settings = { ...settings, ...changes }
        }
      }
      for (const end of await Promise.allSettled(ends)) {
        if (end.status === 'rejected') expect(codes).toContain(end.reason.code)
      }
      expect(working).toBe(0)
      await expect.poll(() => loaded.isBusy, { interval: 1 }).toBe(false)
      await expect.poll(() => engines.memory.taken, { interval: 1 }).toBe(engines.ready.length)
      for (const [id, states] of engines.told) expect(loaded.loadStates()[id]!.state).toBe(states.at(-1)!.state)
      // All places are there: as many answers at once as slots.
      engines.settings = { ...defaultSettings }
      for (const id of ['a', 'b', 'c']) {
        await loaded.load(model(id), { force: true })
        const { slots } = engines.state(id).runtime
        const held = Promise.withResolvers<void>()
        let inside = 0
        const uses = Array.from({ length: slots + 1 }, () =>
          loaded.use(model(id), 'r', { onDemand: { ttlSeconds: null } }, () => (inside++, held.promise)),
        )
        await pause(2)
        expect(inside).toBe(slots)
        held.resolve()
        await Promise.all(uses)
      }
      await loaded.close()
      expect(engines.memory.taken).toBe(0)
    }),
    { numRuns: 100, endOnFailure: true },
  )
}, 120_000)
