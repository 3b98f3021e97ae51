/**
 * Memory cannot be taken away for a test, so these engines only speak the protocol: each load takes a
 * share of a made-up memory, which ends with the process. What real engines do with real memory is
 * tested with the supervisor.
 */
import { afterEach, expect, test } from 'vitest'
import { defaultLoadSettings } from '../../shared/lib/default-load-settings.ts'
import type { LoadState } from '../../shared/contract/models.ts'
import { defaultSettings, type Settings } from '../../shared/contract/settings.ts'
import type { EngineEvent } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { silentLog } from '../core.fixture.ts'
import type { EngineProcess } from '../engine/engine-starter.ts'
import { LoadedModels, type LoadableModel } from './loaded-models.ts'

const memory = { total: 2, taken: 0 }
let settings: Settings = { ...defaultSettings }
const states = new Map<string, LoadState['state']>()
let loaded: LoadedModels

function engineProcess(): EngineProcess {
  const listeners: ((event: EngineEvent) => void)[] = []
  const exits: ((code: number) => void)[] = []
  let own = 0
  const tell = (event: EngineEvent) => queueMicrotask(() => listeners.forEach((listener) => listener(event)))
  setTimeout(() => tell({ type: 'started' }))
  return {
    send(request) {
      if (request.type === 'call' && request.name === 'saveStates') tell({ type: 'result', id: request.id, value: null })
      if (request.type !== 'call' || request.name !== 'load') return
      const { id } = request
      if (memory.taken === memory.total && !request.input.force) {
        const data = { path: request.input.path, neededBytes: 1, availableBytes: 0 }
        tell({ type: 'failure', id, failure: new AppFailure('NOT_ENOUGH_MEMORY', data).toFailure() })
      } else {
        own = 1
        memory.taken++
        const { settings, automaticSlots } = request.input
        tell({ type: 'result', id, value: { gpu: 'cpu', slots: settings.slots ?? automaticSlots } })
      }
    },
    kill() {
      memory.taken -= own
      own = 0
      setTimeout(() => exits.forEach((listener) => listener(0)))
    },
    onEvent: (listener) => void listeners.push(listener),
    onExit: (listener) => void exits.push(listener),
  } as EngineProcess
}

function start(): LoadedModels {
  memory.taken = 0
  states.clear()
  return (loaded = new LoadedModels({
    starter: engineProcess,
    log: silentLog,
    getSettings: () => settings,
    servesPrograms: () => false,
    resolveSettings: (overrides) => ({ ...defaultLoadSettings, ...overrides, adapters: [], draft: { type: 'none' } }),
    onLoadState: (id, { state }) => states.set(id, state),
    onReady: () => {},
  }))
}

const model = (id: string, loadOverrides = {}): LoadableModel => ({ id, name: id, path: `/${id}.gguf`, loadOverrides })
const readyModels = () => [...states].filter(([, state]) => state === 'ready').map(([id]) => id)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

afterEach(async () => {
  await loaded.close()
  settings = { ...defaultSettings }
})

// The window would say "not enough memory" although a model that nobody uses could make room.
test('the longest unused model makes room, and one in use never does', async () => {
  start()
  await loaded.load(model('a'))
  await pause(2)
  await loaded.load(model('b'))
  expect(readyModels()).toEqual(['a', 'b'])

  await loaded.load(model('c'))
  expect(readyModels()).toEqual(['b', 'c'])

  const answer = Promise.withResolvers<string>()
  const using = loaded.use(model('b'), 'chat', {}, () => answer.promise)
  const usingToo = loaded.use(model('c'), 'other chat', {}, () => answer.promise)
  await expect(loaded.load(model('d'))).rejects.toMatchObject({ code: 'NOT_ENOUGH_MEMORY' })
  expect(readyModels()).toEqual(['b', 'c'])
  await loaded.load(model('d'), { force: true })
  expect(readyModels()).toEqual(['b', 'c', 'd'])
  answer.resolve('text')
  expect(await Promise.all([using, usingToo])).toEqual(['text', 'text'])
})

// A model would keep gigabytes for days, or vanish under an answer.
test('a model that nobody used for the set time is unloaded', async () => {
  settings = { ...defaultSettings, idleUnloadMinutes: 50 / 60_000 }
  start()
  const answer = Promise.withResolvers<void>()
  await loaded.load(model('idle'))
  const using = loaded.use(model('busy'), 'chat', {}, () => answer.promise)
  await pause(300)
  expect(readyModels()).toEqual(['busy'])
  answer.resolve()
  await using
  await pause(300)
  expect(readyModels()).toEqual([])
})

// Changed load settings would seem to count before they do, or a reload would not take them.
test('changed settings count at a reload only', async () => {
  start()
  await loaded.load(model('a'))
  await loaded.load(model('a', { contextSize: 1024 }))
  expect(loaded.loadStates().a).toMatchObject({ state: 'ready', loadOverrides: {} })
  await loaded.load(model('a', { contextSize: 1024 }), { reload: true })
  expect(loaded.loadStates().a).toMatchObject({ state: 'ready', loadOverrides: { contextSize: 1024 } })
})

// With several slots the second answer would wait for the first, and with one it would not.
test('as many answers at a time as there are slots', async () => {
  start()
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

// A person who picks another model would wait for the one that was a mistake.
test('choosing anew cancels a load that no answer waits for', async () => {
  start()
  const first = loaded.load(model('a'))
  const second = loaded.load(model('b'), { instead: true })
  await expect(first).rejects.toMatchObject({ code: 'LOAD_CANCELLED' })
  await second
  expect(readyModels()).toEqual(['b'])
})
