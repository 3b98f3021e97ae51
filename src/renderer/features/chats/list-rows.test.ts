import { expect, test } from 'vitest'
import type { Chat } from '../../../shared/contract/chats.ts'
import type { Folder } from '../../../shared/contract/folders.ts'
import { chatsBetween, listRows, parentIndex } from './list-rows.ts'
import type { ListRow } from './list-rows.ts'

const now = new Date(2026, 10, 21, 12)
const chat = (id: string, changes: Partial<Chat> = {}) =>
  ({ id, title: id, folderId: null, pinnedAt: null, isUnread: false, updatedAt: now.getTime(), ...changes }) as Chat
const folder = (id: string, parentId: string | null = null, position = 0) =>
  ({ id, name: id, parentId, position }) as Folder

function rowsOf(chats: Chat[], folders: Folder[], openFolderIds: string[] = [], running = new Map<string, string>()) {
  return listRows({ chats, folders, openFolderIds, running, now })
}

const outline = (rows: ListRow[]) =>
  rows.map((row) => (row.kind === 'heading' ? `# ${String(row.heading)}` : `${'  '.repeat(row.level - 1)}${row.key}`))

// A chat listed twice would give two rows one key, and a folder's chats would show while it is closed.
test('pinned chats come first and once, then folders as far as they are open, then days', () => {
  const rows = rowsOf(
    [
      chat('loose'),
      chat('inner', { folderId: 'B' }),
      chat('own', { folderId: 'A' }),
      chat('pin', { pinnedAt: 1, folderId: 'A' }),
    ],
    [folder('B', 'A'), folder('C', null, 2), folder('A', null, 1)],
    ['A'],
  )
  expect(outline(rows)).toEqual(['# pinned', 'pin', '# folders', 'A', '  B', '  own', 'C', '# today', 'loose'])
  expect(rows[1]).toMatchObject({ folderName: 'A', position: 1, setSize: 4 })
  expect(rows[5]).toMatchObject({ position: 2, setSize: 2 })
  expect(rows[8]).toMatchObject({ position: 4, setSize: 4, heading: 'today' })
})

// The events of folders and of chats come by two streams: a chat must not vanish while its folder is not known.
test('a chat of an unknown folder is listed by its day', () => {
  expect(outline(rowsOf([chat('a', { folderId: 'unknown' })], []))).toEqual(['# today', 'a'])
})

// A mark inside a closed folder that nobody sees is no mark.
test('a closed folder has the marks of all that is hidden in it, an open one has none', () => {
  const chats = [chat('a', { folderId: 'B', isUnread: true }), chat('b', { folderId: 'B' })]
  const folders = [folder('A'), folder('B', 'A')]
  const running = new Map([['b', 'answer']])
  expect(rowsOf(chats, folders, [], running)[1]).toMatchObject({ hasUnread: true, hasRunning: true })
  const open = rowsOf(chats, folders, ['A'], running)
  expect(open[1]).toMatchObject({ hasUnread: false, hasRunning: false })
  expect(open[2]).toMatchObject({ hasUnread: true, hasRunning: true })
})

// The row above a chat is often a sibling, or a chat of a deeper folder, not its parent.
test('the parent is the nearest row above that is less deep', () => {
  const chats = [chat('deep', { folderId: 'B' }), chat('own', { folderId: 'A' }), chat('loose')]
  const rows = rowsOf(chats, [folder('A'), folder('B', 'A')], ['A', 'B'])
  const at = (key: string) => rows.findIndex((row) => row.key === key)
  expect(parentIndex(rows, at('own'))).toBe(at('A'))
  expect(parentIndex(rows, at('deep'))).toBe(at('B'))
  expect(parentIndex(rows, at('loose'))).toBe(-1)
})

// A range drawn upwards, or over folders and headings, must hold exactly the chats in between.
test('a range holds its chats in both directions', () => {
  const chats = [chat('loose'), chat('own', { folderId: 'A' }), chat('pin', { pinnedAt: 1 })]
  const rows = rowsOf(chats, [folder('A')], ['A'])
  expect(chatsBetween(rows, 'pin', 'loose')).toEqual(['pin', 'own', 'loose'])
  expect(chatsBetween(rows, 'loose', 'pin')).toEqual(['pin', 'own', 'loose'])
  expect(chatsBetween(rows, 'gone', 'own')).toEqual(['own'])
})
