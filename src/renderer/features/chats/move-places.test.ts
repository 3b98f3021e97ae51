import { expect, test } from 'vitest'
import type { Folder } from '../../../shared/contract/folders.ts'
import { movePlaces } from './move-places.ts'

const folder = (id: string, parentId: string | null = null) => ({ id, name: id, parentId, position: 0 }) as Folder
const folders = [folder('Work'), folder('Reports', 'Work'), folder('2026', 'Reports'), folder('Play')]

// Moving a folder into what lies in it would take both out of the tree.
test('a folder is not offered itself nor what lies in it', () => {
  expect(movePlaces(folders, '', 'Work').map(({ folder }) => folder.id)).toEqual(['Play'])
})

// A folder below one that the filter leaves out would be lost, and could not be told from another of its name.
test('a filter finds at any depth and tells where', () => {
  expect(movePlaces(folders, ' 202 ', null)).toMatchObject([{ folder: { id: '2026' }, above: ['Work', 'Reports'] }])
})
