import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { chatServices } from './chats.fixture.ts'

let services: ReturnType<typeof chatServices>

beforeEach(() => {
  services = chatServices()
})
afterEach(() => {
  vi.useRealTimers()
  services.close()
})

const notFound = (what: string) =>
  expect.objectContaining({ code: 'NOT_FOUND', data: expect.objectContaining({ what }) })
const count = (table: string) => services.database.prepare(`SELECT count(*) AS n FROM ${table}`).get()!.n

test('what is in the trash is not found until it is restored, whole', () => {
  const { chats, trash, turn } = services
  const { id } = chats.create(null)
  turn(id, null, 'q')
  const before = { chat: chats.get(id), messages: chats.messages(id) }
  trash.trash([id])
  expect(() => chats.get(id)).toThrow(notFound('chat'))
  expect(() => chats.messages(id)).toThrow(notFound('chat'))
  expect(() => chats.update(id, {})).toThrow(notFound('chat'))
  expect(() => trash.trash([id])).toThrow(notFound('chat'))
  expect(trash.list()).toMatchObject([{ id, title: 'q', messageCount: 2, folderName: null }])
  expect(trash.restore([id])).toEqual([before.chat])
  expect({ chat: chats.get(id), messages: chats.messages(id) }).toEqual(before)
  expect(trash.list()).toEqual([])
  expect(() => trash.restore(['nowhere'])).toThrow(notFound('chat'))
})

// Bug: of several chats with one that is not there, some go to the trash.
test('moves all of several chats or none', () => {
  const { chats, trash } = services
  const ids = [chats.create(null).id, chats.create(null).id]
  expect(() => trash.trash([...ids, 'nowhere'])).toThrow(notFound('chat'))
  expect(trash.list()).toEqual([])
  trash.trash(ids)
  expect(trash.list()).toHaveLength(2)
})

// Bug: restoring a folder brings back what was in the trash before, even when both went there in the same millisecond.
test('a folder comes back with exactly what went to the trash together with it', () => {
  vi.useFakeTimers({ now: 1_000, toFake: ['Date'] })
  const { chats, folders, trash } = services
  const outer = folders.create('外', null)
  const inner = folders.create('inner', outer.id)
  const early = chats.create(null, { folderId: inner.id })
  const late = chats.create(null, { folderId: inner.id })
  trash.trash([early.id])
  trash.trashFolder(outer.id)
  expect(folders.list()).toEqual([])
  expect(trash.list().map(({ id, folderName }) => [id, folderName])).toEqual([
    [late.id, 'inner'],
    [early.id, 'inner'],
  ])
  expect(trash.restoreFolder(outer.id)).toEqual(outer)
  expect(folders.list().map(({ id }) => id)).toEqual([outer.id, inner.id])
  expect(chats.get(late.id).folderId).toBe(inner.id)
  expect(() => chats.get(early.id)).toThrow(notFound('chat'))
})

test('a chat comes back with the folders it is in, and those alone', () => {
  const { chats, folders, trash } = services
  const outer = folders.create('outer', null)
  const inner = folders.create('inner', outer.id)
  const beside = folders.create('beside', outer.id)
  const mine = chats.create(null, { folderId: inner.id })
  const other = chats.create(null, { folderId: inner.id })
  trash.trashFolder(outer.id)
  trash.restore([mine.id])
  expect(folders.list().map(({ id }) => id)).toEqual([outer.id, inner.id])
  expect(() => chats.get(other.id)).toThrow(notFound('chat'))
  expect(() => folders.get(beside.id)).toThrow(notFound('chat-folder'))
})

// Bug: SQLite's cascade ends at a depth of 1,000 messages, and a long chat can never be deleted.
test('deletes long chats for good, with all that hangs on them', async () => {
  const { chats, database, trash, turn, deleted } = services
  const { id } = chats.create(null)
  const kept = chats.create(null).id
  turn(kept, null, 'kept')
  let parentId: string | null = null
  database.exec('PRAGMA synchronous = OFF')
  for (let i = 0; i < 1_500; i++) parentId = turn(id, parentId, `${i}`).answer.id
  database.exec(`INSERT INTO prompt_versions VALUES ('v', 'chat', '${id}', 'text', 0)`)
  await expect(trash.deleteForever([id])).rejects.toEqual(notFound('chat'))
  trash.trash([id])
  await trash.deleteForever([id])
  expect(deleted).toEqual([id])
  expect([count('chats'), count('messages'), count('prompt_versions')]).toEqual([1, 2, 0])
  await expect(trash.deleteForever([id])).rejects.toEqual(notFound('chat'))
})

// Bug: folders whose chats were all deleted stay in the database for ever; or a folder that can still be restored goes.
test('folders in the trash go at the next start when no chat is in them', async () => {
  const { chats, folders, trash, restart } = services
  const outer = folders.create('outer', null)
  const inner = folders.create('inner', outer.id)
  const { id } = chats.create(null, { folderId: inner.id })
  folders.create('shown', null)
  trash.trashFolder(outer.id)
  restart()
  expect(count('folders')).toBe(3)
  await trash.deleteForever([id])
  restart()
  expect(count('folders')).toBe(1)
})
