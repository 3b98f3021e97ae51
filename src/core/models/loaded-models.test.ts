import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeEngines, model, pause } from './fake-engines.fixture.ts'
import type { LoadedModels } from './loaded-models.ts'

let engines: FakeEngines
let loaded: LoadedModels

beforeEach(() => {
  engines = new FakeEngines()
  loaded = engines.loaded
})
afterEach(() => loaded.close())

// The window would say "not enough memory" although a model that nobody uses could make room.
test('the longest unused model makes room, and one in use never does', async () => {
  await loaded.load(model('a'))
  await pause(2)
  await loaded.load(model('b'))
  expect(engines.ready).toEqual(['a', 'b'])

  await loaded.load(model('c'))
  expect(engines.ready).toEqual(['b', 'c'])

  const answer = Promise.withResolvers<string>()
  const using = loaded.use(model('b'), 'chat', {}, () => answer.promise)
  const usingToo = loaded.use(model('c'), 'other chat', {}, () => answer.promise)
  await expect(loaded.load(model('d'))).rejects.toMatchObject({ code: 'NOT_ENOUGH_MEMORY' })
  expect(engines.ready).toEqual(['b', 'c'])
  await loaded.load(model('d'), { force: true })
  expect(engines.ready).toEqual(['b', 'c', 'd'])
  answer.resolve('text')
  expect(await Promise.all([using, usingToo])).toEqual(['text', 'text'])
})

// A model would keep gigabytes for days, or vanish under an answer.
test('a model that nobody used for the set time is unloaded', async () => {
  engines.settings.idleUnloadMinutes = 50 / 60_000
  const answer = Promise.withResolvers<void>()
  await loaded.load(model('idle'))
  const using = loaded.use(model('busy'), 'chat', {}, () => answer.promise)
  await pause(300)
  expect(engines.ready).toEqual(['busy'])
  answer.resolve()
  await using
  await pause(300)
  expect(engines.ready).toEqual([])
})

// Changed load settings would seem to count before they do, or a reload would not take them.
test('changed settings count at a reload only', async () => {
  await loaded.load(model('a'))
  await loaded.load(model('a', { contextSize: 1024 }))
  expect(engines.state('a').loadOverrides).toEqual({})
  await loaded.load(model('a', { contextSize: 1024 }), { reload: true })
  expect(engines.state('a').loadOverrides).toEqual({ contextSize: 1024 })
})

// `yangtuo load --context-length 4096` would be for nothing, or for ever.
test('overrides of one load count for it only, even if another load is under way', async () => {
  engines.loadMs = 20
  const own = model('a', { threads: 2, contextSize: 1024 })
  const first = loaded.load(own)
  await loaded.load(own, { reload: true, loadOverrides: { contextSize: 4096 }, ttlSeconds: 100 })
  await first
  expect(engines.state('a')).toMatchObject({ loadOverrides: { threads: 2, contextSize: 4096 }, loadedBy: 'hand' })
  expect(engines.state('a').unloadsAt! - Date.now()).toBeCloseTo(100_000, -3)
  await loaded.load(own, { reload: true })
  expect(engines.state('a').loadOverrides).toEqual({ threads: 2, contextSize: 1024 })
  expect(engines.state('a').unloadsAt! - Date.now()).toBeCloseTo(3_600_000, -3)
})

// With several slots the second answer would wait for the first, and with one it would not.
test('as many answers at a time as there are slots', async () => {
  const answer = Promise.withResolvers<void>()
  let working = 0
  let waiting = 0
  const use = (chat: string) =>
    loaded.use(model('a', { slots: 2 }), chat, { onWaiting: () => waiting++ }, () => {
      working++
      return answer.promise
    })
  await loaded.load(model('a', { slots: 2 }))
  const uses = ['1', '2', '3'].map(use)
  await pause(10)
  expect({ working, waiting }).toEqual({ working: 2, waiting: 1 })
  answer.resolve()
  await Promise.all(uses)
  expect(working).toBe(3)
})

// Programs would wait for each other on a model that a person loaded, or a chat would pay for slots it never uses.
test('a model has several slots by itself where programs are served', async () => {
  await loaded.load(model('a'))
  engines.servesPrograms = true
  await loaded.load(model('b'))
  expect(engines.loads.map(({ automaticSlots }) => automaticSlots)).toEqual([1, 4])
})

// A person who picks another model would wait for the one that was a mistake.
test('choosing anew cancels a load that no answer waits for', async () => {
  const first = loaded.load(model('a'))
  const second = loaded.load(model('b'), { instead: true })
  await expect(first).rejects.toMatchObject({ code: 'LOAD_CANCELLED' })
  await second
  expect(engines.ready).toEqual(['b'])
})

// A cancelled load would begin again for each answer that waits for it.
test('who waits for a load that a person cancels is told so', async () => {
  engines.loadMs = 1_000
  const work = async () => 'text'
  const uses = [1, 2, 3].map((chat) => loaded.use(model('a'), `${chat}`, {}, work))
  await pause(20)
  loaded.cancelLoad('a')
  const ends = await Promise.allSettled(uses)
  expect(ends).toMatchObject(ends.map(() => ({ reason: { code: 'LOAD_CANCELLED' } })))
  expect(engines.loads).toHaveLength(1)
  expect(loaded.loadStates().a).toEqual({ state: 'unloaded' })
  expect(loaded.isBusy).toBe(false)
})

// A file could not be deleted on Windows, or its memory stayed taken, because a derived model still had it.
test('a file is let go whatever it is called by', async () => {
  await loaded.load(model('a'))
  await loaded.load({ ...model('a'), id: 'derived' })
  await loaded.unloadFile('/a.gguf')
  expect(engines.ready).toEqual([])
  expect(engines.memory.taken).toBe(0)
})
