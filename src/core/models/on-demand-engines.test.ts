/** Requests of programs on real engine processes and a real library. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Model } from '../../shared/contract/models.ts'
import { defaultSampling } from '../../shared/lib/sampling.ts'
import { demoModelPath, silentLog, startEngine, temporaryFolder, writeEndlessModel } from '../core.fixture.ts'
import { openDatabase, type Database } from '../database/open-database.ts'
import { DerivedModelsRepository } from '../derived-models/derived-models-repository.ts'
import { DerivedModelsService, loadableAs } from '../derived-models/derived-models-service.ts'
import type { EngineProcess } from '../engine/engine-starter.ts'
import { Inspector } from '../engine/inspector.ts'
import { SettingsRepository } from '../settings/settings-repository.ts'
import { SettingsService } from '../settings/settings-service.ts'
import type { LoadableModel, UseOptions } from './model-engine.ts'
import { ModelLibrary } from './model-library.ts'
import { ModelsRepository } from './models-repository.ts'
import { ModelsService } from './models-service.ts'

let folder: ReturnType<typeof temporaryFolder>
let database: Database
let inspector: Inspector
let settings: SettingsService
let models: ModelsService
let derivedModels: DerivedModelsService
let demo: Model
let processes: EngineProcess[]

beforeEach(async () => {
  folder = temporaryFolder()
  processes = []
  database = openDatabase(join(folder.path, '数据　库.db'))
  inspector = new Inspector(startEngine, silentLog)
  settings = new SettingsService(new SettingsRepository(database))
  settings.update({ gpu: 'cpu', threads: 1 })
  const library = new ModelLibrary(new ModelsRepository(database), inspector)
  const ports = {
    startEngine: () => {
      processes.push(startEngine())
      return processes.at(-1)!
    },
    log: silentLog,
    bundledModelPath: demoModelPath,
    modelsDirectory: join(folder.path, 'models'),
  }
  models = new ModelsService(library, settings, ports, [], undefined, undefined, {
    findDerived: (id) => derivedModels.loadable(id),
  })
  derivedModels = new DerivedModelsService(new DerivedModelsRepository(database), {
    findModel: (id) => library.find(id),
    onGone: (id) => models.retire(id),
  })
  demo = await models.importFile(demoModelPath)
})
afterEach(async () => {
  await models.close()
  await inspector.close()
  database.close()
  folder.remove()
})

async function importEndless(): Promise<Model> {
  const path = join(folder.path, '模型　一.gguf')
  writeEndlessModel(path)
  return models.importFile(path)
}

function ask(model: LoadableModel, options: UseOptions = {}, maxTokens = 24, text = '你好') {
  const prompt = { messages: [{ role: 'user' as const, text }] }
  const sampling = { ...defaultSampling, temperature: 0, maxTokens }
  return models.use(model, 'request', { onDemand: {}, ...options }, async (engine) => {
    let answer = ''
    const { signal } = options
    const result = await engine.generate({ prompt, sampling }, { signal, onText: (piece) => (answer += piece) })
    return { ...result, answer }
  })
}

async function load(id: string) {
  for await (const event of models.watch()) if (event.type === 'models') return event.loads[id]
  throw new Error('no models')
}

// A burst on a cold server would load several times, or be answered one after the other.
test('requests that come at once are answered by one engine, several at a time', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => ask(demo, { party: `${i % 2}` })))
  const alone = await ask(demo)
  expect(answers.map((one) => one!.answer)).toEqual(answers.map(() => alone!.answer))
  expect(processes).toHaveLength(1)
  expect(await load(demo.id)).toMatchObject({ state: 'ready', loadedBy: 'request', runtime: { slots: 4 } })
  expect((await load(demo.id)) as object).toHaveProperty('unloadsAt', expect.any(Number))
})

// An agent that asks for another context would get the old one, or the next model would not take the place.
test('the context a request wants is the one it gets, and the next model takes the place', async () => {
  const endless = await importEndless()
  const sized = (contextSize: number) => ask(endless, { onDemand: { loadChanges: { contextSize } } })
  const sizeNow = async () => {
    const state = await load(endless.id)
    return state?.state === 'ready' ? state.runtime.contextSize : state
  }
  await sized(512)
  expect(await sizeNow()).toBe(512)
  await Promise.all([sized(1024), ask(endless, { party: 'other' })])
  expect(await sizeNow()).toBe(1024)
  expect(processes).toHaveLength(2)
  await ask(demo)
  expect((await load(endless.id))?.state).toBe('unloaded')
  await models.load(endless.id, { ttlSeconds: 0.2 })
  await ask(demo)
  expect((await load(endless.id))?.state).toMatch(/^(ready|unloaded)$/)
  await expect.poll(async () => (await load(endless.id))?.state, { timeout: 5_000 }).toBe('unloaded')
  expect(await load(demo.id)).toMatchObject({ state: 'ready' })
})

// An engine that dies would take those along who only waited, or their places.
test('when the engine dies, those who wait are answered by the next one', async () => {
  settings.update({ apiKeepsOneModel: false })
  const endless = await importEndless()
  const leaving = new AbortController()
  const long = Array.from({ length: 4 }, () => ask(endless, { signal: leaving.signal }, 8_000).catch((error) => error))
  await expect.poll(async () => (await load(endless.id))?.state, { timeout: 10_000 }).toBe('ready')
  const waiting = ask(endless, { party: 'other' }, 4)
  await new Promise((resolve) => setTimeout(resolve, 300))
  processes.at(-1)!.kill()
  expect((await waiting)?.answerTokens).toBe(4)
  expect(await Promise.all(long)).toMatchObject(long.map(() => ({ code: 'ENGINE_CRASHED' })))
  expect(await Promise.all([1, 2, 3, 4, 5].map(() => ask(endless, {}, 4)))).toHaveLength(5)
  leaving.abort()
})

// A derived model would change the one below it, could not be unloaded, or stayed when it is gone.
test('a derived model is loaded beside the one below it, by its own id', async () => {
  const content = { modelId: demo.id, systemPrompt: '', sampling: {}, modelfile: '' }
  const derived = derivedModels.save({ ...content, name: '小', loadOverrides: { contextSize: 256 } })
  await models.load(demo.id)
  await ask(loadableAs(derived, demo))
  expect(await load(derived.id)).toMatchObject({ state: 'ready', runtime: { contextSize: 256 }, loadedBy: 'request' })
  expect(await load(demo.id)).toMatchObject({ state: 'ready', loadedBy: 'hand' })
  await models.unload(derived.id)
  expect(await load(derived.id)).toEqual({ state: 'unloaded' })
  await models.load(derived.id)
  expect(await load(derived.id)).toMatchObject({ state: 'ready', loadedBy: 'hand' })
  expect(settings.get().defaultModelId).toBe(demo.id)
  derivedModels.remove('小')
  expect(await load(derived.id)).toEqual({ state: 'unloaded' })
  await expect(models.load(derived.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })

  const other = derivedModels.save({ ...content, name: '小', loadOverrides: { contextSize: 128 } })
  await ask(loadableAs(other, demo), {}, 4, 'a')
  await models.remove(demo.id)
  expect(await load(other.id)).toEqual({ state: 'unloaded' })
  expect(derivedModels.find('小')).toEqual(other)
  await expect(models.load(other.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

// What was downloaded or imported a moment ago could be asked after a restart only.
test('a model that was just downloaded is there for the next request', async () => {
  const path = join(folder.path, 'fresh.gguf')
  writeEndlessModel(path, 7)
  const { id } = await models.addDownloaded({ paths: [path], repository: 'o/r', sha256: 'a'.repeat(64) })
  const fresh = models.find(id)!
  expect(fresh).toMatchObject({ isPresent: true, source: 'download' })
  expect((await ask(fresh, {}, 4))?.answerTokens).toBe(4)
  expect(models.find(id)!.lastUsedAt).toBeGreaterThan(fresh.addedAt - 1)
})
