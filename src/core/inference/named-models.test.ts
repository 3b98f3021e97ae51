import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { demoModelPath } from '../core.fixture.ts'
import { startInference, question, type TestInference } from './inference.fixture.ts'

let core: TestInference

beforeEach(async () => void (core = await startInference()))
afterEach(() => core.close())

async function add(...place: string[]) {
  const path = join(core.path, ...place)
  mkdirSync(join(path, '..'), { recursive: true })
  copyFileSync(demoModelPath, path)
  return core.library.add({ path, source: 'file' })
}

// A model that was just downloaded would be unknown until a restart; one that is gone would be named for ever.
test('names follow the library', async () => {
  const { inference, models, library } = core
  expect(inference.models().map(({ name }) => name)).toEqual(['yangtuo-demo'])
  const own = await add('我的', '一.gguf')
  expect(inference.find('一').model.id).toBe(own.id)
  const other = await add('别的', '一.gguf')
  expect(inference.models().map(({ name }) => name).sort()).toEqual(['yangtuo-demo', '别的/一', '我的/一'])
  expect(inference.find('一').model.id).toBe(own.id)
  await models.remove(own.id)
  expect(inference.find('一').model.id).toBe(other.id)
  expect(() => inference.find('我的/一')).toThrow('MODEL_UNKNOWN')
  library.saveLoadOverrides(other.id, { contextSize: 128 })
  expect(inference.find('一').model.loadOverrides).toEqual({ contextSize: 128 })
})

// A request without a name would load a second model beside the one in use, or none.
test('no name means the one used last of those that are loaded, else the default one', async () => {
  const { inference, models, settings, library, demo } = core
  expect(inference.find(' ').model.id).toBe(demo.id)
  const other = await add('别的.gguf')
  settings.update({ defaultModelId: other.id })
  expect(inference.find('').model.id).toBe(other.id)
  await core.ask(question('你好', { model: 'yangtuo-demo' }))
  expect(inference.find('').model.id).toBe(demo.id)
  await models.load(other.id)
  expect(inference.find('').model.id).toBe(other.id)
  library.forget([demo.id, other.id])
  expect(() => inference.find('')).toThrow('NO_MODEL')
})

// Programs would offer models that they may not use.
test('where requests load nothing, only loaded models are named, and others refused', async () => {
  const { inference, models, settings, demo } = core
  settings.update({ apiLoadsOnDemand: false })
  expect(inference.models()).toEqual([])
  await expect(core.ask(question('你好'))).rejects.toMatchObject({ code: 'MODEL_NOT_LOADED' })
  await models.load(demo.id)
  expect(inference.models()).toMatchObject([{ name: 'yangtuo-demo', isLoaded: true }])
  await core.ask(question('你好'))
})
