import { afterEach, beforeEach, expect, test } from 'vitest'
import { chatServices } from '../chats/chats.fixture.ts'

let services: ReturnType<typeof chatServices>

beforeEach(() => {
  services = chatServices()
})
afterEach(() => services.close())

const failure = (code: string) => expect.objectContaining({ code })
const names = () => services.folders.list().map(({ name }) => name)

test('a folder keeps what is set, and stands in its order', () => {
  const { folders, restart } = services
  const a = folders.create('a', null)
  const b = folders.create('b', null)
  folders.create('c', null)
  const edits = { systemPrompt: 's', sampling: { topK: 3 }, presetId: 'p', modelId: 'm', name: '乙' }
  expect(folders.update(b.id, { ...edits, position: a.position - 1 })).toMatchObject(edits)
  expect(names()).toEqual(['乙', 'a', 'c'])
  expect(restart().folders.list()).toEqual(folders.list())
  expect(folders.update(a.id, { parentId: b.id })).toMatchObject({ parentId: b.id, position: 1 })
})

// Bug: two folders in one another vanish from the tree with all their chats.
test('a folder never comes to lie in itself', () => {
  const { folders } = services
  const a = folders.create('a', null)
  const b = folders.create('b', a.id)
  const c = folders.create('c', b.id)
  expect(() => folders.update(a.id, { parentId: c.id })).toThrow(failure('FOLDER_INSIDE_ITSELF'))
  expect(() => folders.update(a.id, { parentId: a.id })).toThrow(failure('FOLDER_INSIDE_ITSELF'))
  expect(() => folders.update(a.id, { parentId: 'nowhere' })).toThrow(failure('NOT_FOUND'))
  expect(folders.update(c.id, { parentId: null }).parentId).toBeNull()
})

test('moves all of several chats or none', () => {
  const { folders, chats } = services
  const folder = folders.create('a', null)
  const ids = [chats.create(null).id, chats.create(null).id]
  expect(() => folders.moveChats([...ids, 'nowhere'], folder.id)).toThrow(failure('NOT_FOUND'))
  expect(() => folders.moveChats(ids, 'nowhere')).toThrow(failure('NOT_FOUND'))
  expect(folders.chatsIn(folder.id)).toEqual([])
  folders.moveChats(ids, folder.id)
  expect(folders.chatsIn(folder.id).toSorted()).toEqual(ids)
  folders.moveChats(ids, null)
  expect(chats.get(ids[0]!).folderId).toBeNull()
})

test("new chats use the nearest folder's model", () => {
  const { folders } = services
  const outer = folders.create('outer', null)
  const inner = folders.create('inner', outer.id)
  expect(folders.modelIdFor(inner.id)).toBeNull()
  folders.update(outer.id, { modelId: 'm' })
  expect(folders.modelIdFor(inner.id)).toBe('m')
  expect(folders.modelIdFor(null)).toBeNull()
})
