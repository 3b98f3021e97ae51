import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Runtime } from '../../shared/contract/models.ts'
import type { LoadRequest } from '../../shared/engine/messages.ts'
import { defaultLoadSettings } from '../../shared/lib/default-load-settings.ts'
import { ChatsRepository } from '../chats/chats-repository.ts'
import { ChatsService } from '../chats/chats-service.ts'
import { silentLog, temporaryFolder } from '../core.fixture.ts'
import { openDatabase } from '../database/open-database.ts'
import { SettingsRepository } from '../settings/settings-repository.ts'
import { SettingsService } from '../settings/settings-service.ts'
import { SavedStatesRepository } from './saved-states-repository.ts'
import { SavedStatesService } from './saved-states-service.ts'

let folder: ReturnType<typeof temporaryFolder>
let directory: string
let database: ReturnType<typeof openDatabase>
let settings: SettingsService
let chats: ChatsService
let repository: SavedStatesRepository
let service: SavedStatesService
let modelHash: string | null

beforeEach(() => {
  folder = temporaryFolder()
  directory = join(folder.path, '状态　states')
  database = openDatabase(join(folder.path, 'test.db'))
  settings = new SettingsService(new SettingsRepository(database))
  chats = new ChatsService(new ChatsRepository(database), folder.path, silentLog)
  repository = new SavedStatesRepository(database)
  modelHash = null
  writeFileSync(join(folder.path, 'model.gguf'), 'weights')
  service = startService()
})
afterEach(async () => {
  await service.close()
  chats.close()
  database.close()
  folder.remove()
})

function startService(): SavedStatesService {
  const started = new SavedStatesService({
    repository,
    directory,
    settings,
    findModelHash: () => modelHash,
    log: silentLog,
  })
  started.start()
  return started
}

const runtime = { contextSize: 4096, flashAttention: true, rope: null, confirmedOverrides: [] } as unknown as Runtime

function placeOf(chatId: string, changes: Partial<Runtime> = {}) {
  const loadSettings = { ...defaultLoadSettings, adapters: [], draft: { type: 'none' as const } }
  const request = { path: join(folder.path, 'model.gguf'), settings: loadSettings } as unknown as LoadRequest
  return service.placeOf(chatId, request, { ...runtime, ...changes })
}

/** What an engine does; `sizeBytes` is claimed, the file is small. */
async function save(chatId: string, sizeBytes = 5) {
  const { path, keys } = (await placeOf(chatId))!
  writeFileSync(path, 'state')
  service.saved({ chatId, path, key: keys[0]!, tokens: 500, sizeBytes })
  await sleep(2) // so that no two were used in the same millisecond
  return path
}

// A state of another model, context or cache type makes llama.cpp abort, or the model talk nonsense.
test('a state is found again only for the same model, loaded in the same way', async () => {
  const { id } = chats.create(null)
  expect(await placeOf(id)).toMatchObject({ isSaved: false })
  await save(id)
  expect(await placeOf(id)).toMatchObject({ isSaved: true, chatId: id })
  expect(await placeOf(id, { contextSize: 2048 })).toMatchObject({ isSaved: false })
  expect(await placeOf(id, { kvCacheKeyType: 'Q8_0' })).toMatchObject({ isSaved: false })
  modelHash = 'a hash that was computed later'
  const hashed = await placeOf(id)
  expect(hashed).toMatchObject({ isSaved: true })
  expect(hashed!.keys).toHaveLength(2)
  modelHash = null
  writeFileSync(join(folder.path, 'model.gguf'), 'other weights')
  expect(await placeOf(id)).toMatchObject({ isSaved: false })
})

// Ids come from imports, too, and must not lead out of the folder.
test('every file is inside the folder, whatever the id of its chat', async () => {
  const place = await placeOf('../../../etc/passwd')
  expect(place!.path.startsWith(directory)).toBe(true)
  expect(place!.path).not.toContain('passwd')
})

test('the longest unused go first when the quota is exceeded, and all when it is turned off', async () => {
  settings.update({ savedStatesGb: 1 })
  const [a, b, c] = [chats.create(null).id, chats.create(null).id, chats.create(null).id]
  const paths = [await save(a, 4e8), await save(b, 4e8)]
  repository.touch(a, Date.now() + 1000)
  paths.push(await save(c, 4e8))
  expect(await service.usage()).toEqual({ bytes: 8e8, chats: 2 })
  expect(paths.map((path) => existsSync(path))).toEqual([true, false, true])
  settings.update({ savedStatesGb: null })
  expect(await service.usage()).toEqual({ bytes: 0, chats: 0 })
  expect(readdirSync(directory)).toEqual([])
  expect(await placeOf(a)).toBeUndefined()
})

// What a deleted chat said must not stay on the disk, not even if its engine saves it later.
test('the state of a chat goes with it', async () => {
  const { id } = chats.create(null)
  const path = await save(id)
  await service.forget([id])
  expect(existsSync(path)).toBe(false)
  const late = await save('a chat that is gone')
  expect(await service.usage()).toEqual({ bytes: 0, chats: 0 })
  expect(existsSync(late)).toBe(false)
})

test('clearing leaves no file', async () => {
  await save(chats.create(null).id)
  await save(chats.create(null).id)
  await service.clear()
  expect(await service.usage()).toEqual({ bytes: 0, chats: 0 })
  expect(readdirSync(directory)).toEqual([])
})

// A crash while a state is written, or between the file and its row.
test('a start removes half files, files without a row, and rows without their file', async () => {
  const [whole, changed, gone] = [chats.create(null).id, chats.create(null).id, chats.create(null).id]
  const path = await save(whole)
  writeFileSync(await save(changed), 'longer than it was')
  rmSync(await save(gone))
  await service.close()
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'half.state.part'), 'half')
  writeFileSync(join(directory, 'unknown.state'), 'unknown')
  service = startService()
  expect(await service.usage()).toEqual({ bytes: 5, chats: 1 })
  expect(readdirSync(directory).map((name) => join(directory, name))).toEqual([path])
})

test('a file that vanished while the app ran is forgotten', async () => {
  const { id } = chats.create(null)
  rmSync(await save(id))
  expect(await placeOf(id)).toMatchObject({ isSaved: false })
  expect(await service.usage()).toEqual({ bytes: 0, chats: 0 })
})
