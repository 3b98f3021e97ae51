import { createHash } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDefinedError, safe } from '@orpc/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LoadState, Model } from '../../shared/contract/models.ts'
import {
  ask,
  demoModelPath,
  endOf,
  firstText,
  follow,
  loadReaches,
  startCore,
  temporaryFolder,
  testPorts,
  writeEndlessModel,
  type Client,
} from '../core.fixture.ts'
import { sensibleThreadCounts } from './sensible-thread-counts.ts'

let folder: ReturnType<typeof temporaryFolder>
let path: string
let client: Client
let close: () => Promise<void>

const start = async () => void ({ client, close } = await startCore(testPorts(join(folder.path, 'data'))))

beforeEach(async () => {
  folder = temporaryFolder()
  path = join(folder.path, '模型　一.gguf')
  await start()
})
afterEach(async () => {
  await close()
  folder.remove()
})

async function state(): Promise<{ models: Model[]; loads: Record<string, LoadState> }> {
  for await (const event of await client.models.watch()) if (event.type === 'models') return event
  throw new Error('no models')
}

/** The bundled model, once it is loaded. */
async function loadedDemo(): Promise<Model> {
  await expect.poll(async () => (await state()).models.length, { timeout: 10_000 }).toBe(1)
  const demo = (await state()).models[0]!
  expect((await loadReaches(client, demo.id, 'ready', 'failed')).state).toBe('ready')
  return demo
}

async function importEndless(seed?: number): Promise<Model> {
  writeEndlessModel(path, seed)
  return client.models.importFile({ path })
}

// Bug: dropping a file twice lists it twice; a file that was replaced is shown as what it was.
test('a path is one model, looked at again when its file has changed', async () => {
  writeEndlessModel(path)
  const [first, second] = await Promise.all([client.models.importFile({ path }), client.models.importFile({ path })])
  expect(second).toEqual(first)
  expect(first).toMatchObject({ fileName: '模型　一.gguf', source: 'file', architecture: 'llama' })
  writeFileSync(path, readFileSync(demoModelPath))
  const third = await client.models.importFile({ path })
  expect(third).toMatchObject({ id: first.id, addedAt: first.addedAt, name: 'Yangtuo Demo', quantization: 'Q8_0' })
  expect((await state()).models.filter(({ source }) => source === 'file')).toEqual([third])
})

test('files are hashed in the background, and not again after a restart', async () => {
  const { id } = await importEndless()
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  const stored = async () => (await state()).models.find((model) => model.id === id)?.sha256
  await expect.poll(stored, { timeout: 15_000 }).toBe(sha256)
  await close()
  await start()
  expect(await stored()).toBe(sha256)
})

// Bug: picking a model that cannot be loaded leaves the person without any.
test('loading makes a model the default; one that fails does not', async () => {
  await loadedDemo()
  const endless = await importEndless()
  await client.models.load({ modelId: endless.id })
  expect((await client.settings.get()).defaultModelId).toBe(endless.id)

  const brokenPath = join(folder.path, 'broken.gguf')
  writeFileSync(brokenPath, readFileSync(demoModelPath))
  const broken = await client.models.importFile({ path: brokenPath })
  truncateSync(brokenPath, 1_000_000)
  const { error } = await safe(client.models.load({ modelId: broken.id }))
  expect(isDefinedError(error) && error).toMatchObject({ code: 'FILE_TRUNCATED', data: { path: brokenPath } })
  expect((await state()).loads).toMatchObject({
    [endless.id]: { state: 'ready' },
    [broken.id]: { state: 'failed', failure: { code: 'FILE_TRUNCATED' } },
  })
  expect((await client.settings.get()).defaultModelId).toBe(endless.id)

  await close()
  await start()
  expect((await loadReaches(client, endless.id, 'ready', 'failed')).state).toBe('ready')
})

test('thread counts are not measured while an answer is made', async () => {
  const endless = await importEndless()
  const { id: chatId } = await client.chats.create({ modelId: endless.id })
  const { answerIds } = await client.generation.send({ chatId, parentId: null, text: 'go on' })
  const answerId = answerIds[0]!
  await firstText(client, answerId)
  const { error } = await safe(client.models.measureThreads({ modelId: endless.id }))
  expect(isDefinedError(error) && error).toMatchObject({ code: 'CHAT_BUSY', data: { chatId } })
  await client.generation.stop({ answerId })
  expect(endOf(await follow(client, answerId)).runCard?.model.id).toBe(endless.id)
})

test('a load can be cancelled', async () => {
  const demo = await loadedDemo()
  const endless = await importEndless()
  const loading = safe(client.models.load({ modelId: endless.id }))
  await loadReaches(client, endless.id, 'loading')
  await client.models.cancelLoad({ modelId: endless.id })
  const { error } = await loading
  expect(isDefinedError(error) && error.code).toBe('LOAD_CANCELLED')
  expect((await state()).loads[demo.id]?.state).toBe('ready')
})

// Bug: a chat of a removed model can never be answered again.
test('a chat whose model was removed is answered by the default one; the bundled one comes back', async () => {
  const demo = await loadedDemo()
  const endless = await importEndless()
  await client.models.load({ modelId: endless.id })
  const { id: chatId } = await client.chats.create({ modelId: endless.id })
  await client.models.remove({ modelId: endless.id })
  expect((await client.settings.get()).defaultModelId).toBeNull()
  expect((await ask(client, chatId, null, '你好')).runCard?.model.id).toBe(demo.id)
  const { error } = await safe(client.models.load({ modelId: endless.id }))
  expect(isDefinedError(error) && error.code).toBe('NOT_FOUND')

  await client.models.remove({ modelId: demo.id })
  expect((await state()).models).toEqual([])
  await close()
  await start()
  expect((await loadedDemo()).name).toBe('Yangtuo Demo')
})

test('the fastest number of threads is kept', async () => {
  const demo = await loadedDemo()
  const speeds = await client.models.measureThreads({ modelId: demo.id })
  const fastest = speeds.toSorted((a, b) => b.tokensPerSecond - a.tokensPerSecond)[0]!
  expect((await client.settings.get()).measuredThreads).toBe(fastest.threads)
})

test('sensible thread counts', () => {
  expect(sensibleThreadCounts(1)).toEqual([1])
  expect(sensibleThreadCounts(2)).toEqual([1, 2])
  expect(sensibleThreadCounts(16)).toEqual([4, 8, 12, 15, 16])
})
