/**
 * The sidebar's list as one flat sequence of rows, so that only those in sight need to exist: pinned chats, the tree
 * of folders as far as it is open, then the chats in no folder by day. A pinned chat stands at the top only.
 */
import type { Chat } from '../../../shared/contract/chats.ts'
import type { Folder } from '../../../shared/contract/folders.ts'
import { folderPath } from '../../../shared/lib/chat-values.ts'
import { sortedFolders } from './folder-order.ts'
import { groupByDay } from './group-by-day.ts'
import type { ChatGroup } from './group-by-day.ts'

export type Heading = 'pinned' | 'folders' | ChatGroup['when']

/** Where a row stands in the tree, as `aria-level`, `-posinset` and `-setsize` say it. */
interface Place {
  level: number
  position: number
  setSize: number
}

export interface HeadingRow {
  kind: 'heading'
  key: string
  heading: Heading
}

export interface FolderRow extends Place {
  kind: 'folder'
  key: string
  folder: Folder
  isOpen: boolean
  isEmpty: boolean
  /** Of the chats in it that do not show, because it is closed. */
  hasUnread: boolean
  hasRunning: boolean
}

export interface ChatRow extends Place {
  kind: 'chat'
  key: string
  chat: Chat
  /** Of a pinned chat: the folder it is in. */
  folderName: string | null
  /** The heading right above it, which screen readers are told with it. */
  heading: Heading | null
}

export type ListRow = HeadingRow | FolderRow | ChatRow
export type TreeRow = FolderRow | ChatRow

interface ListState {
  /** Newest first. */
  chats: readonly Chat[]
  folders: readonly Folder[]
  openFolderIds: readonly string[]
  running: ReadonlyMap<string, string>
  now: Date
}

export function listRows({ chats, folders, openFolderIds, running, now }: ListState): ListRow[] {
  const folderById = new Map(folders.map((folder) => [folder.id, folder]))
  const open = new Set(openFolderIds)
  const pinned: Chat[] = []
  const loose: Chat[] = []
  const inFolder = new Map<string, Chat[]>(folders.map(({ id }) => [id, []]))
  for (const chat of chats) {
    if (chat.pinnedAt !== null) pinned.push(chat)
    // A folder that is not known yet does not hide its chats.
    else (inFolder.get(chat.folderId ?? '') ?? loose).push(chat)
  }
  pinned.sort((a, b) => b.pinnedAt! - a.pinnedAt!)
  const unreadIn = foldersAbove(chats.filter(({ isUnread }) => isUnread), folders)
  const runningIn = foldersAbove(chats.filter(({ id }) => running.has(id)), folders)

  const rows: ListRow[] = []
  const topFolders = sortedFolders(folders, null)
  const setSize = pinned.length + topFolders.length + loose.length
  let position = 0
  const addHeading = (heading: Heading) => rows.push({ kind: 'heading', key: `heading ${String(heading)}`, heading })
  function addChats(heading: Heading, group: readonly Chat[]) {
    for (const [index, chat] of group.entries()) {
      rows.push({
        kind: 'chat',
        key: chat.id,
        chat,
        level: 1,
        position: ++position,
        setSize,
        folderName: (chat.folderId !== null && folderById.get(chat.folderId)?.name) || null,
        heading: index === 0 ? heading : null,
      })
    }
  }
  function addFolder(folder: Folder, place: Place) {
    const children = sortedFolders(folders, folder.id)
    const own = inFolder.get(folder.id)!
    const isOpen = open.has(folder.id)
    rows.push({
      kind: 'folder',
      key: folder.id,
      folder,
      ...place,
      isOpen,
      isEmpty: children.length === 0 && own.length === 0,
      hasUnread: !isOpen && unreadIn.has(folder.id),
      hasRunning: !isOpen && runningIn.has(folder.id),
    })
    if (!isOpen) return
    const inner = { level: place.level + 1, setSize: children.length + own.length }
    for (const [index, child] of children.entries()) addFolder(child, { ...inner, position: index + 1 })
    for (const [index, chat] of own.entries()) {
      const place = { ...inner, position: children.length + index + 1 }
      rows.push({ kind: 'chat', key: chat.id, chat, ...place, folderName: null, heading: null })
    }
  }

  if (pinned.length > 0) {
    addHeading('pinned')
    addChats('pinned', pinned)
  }
  if (topFolders.length > 0) addHeading('folders')
  for (const folder of topFolders) addFolder(folder, { level: 1, position: ++position, setSize })
  for (const { when, chats } of groupByDay(loose, now)) {
    addHeading(when)
    addChats(when, chats)
  }
  return rows
}

/** The ids of all folders that these chats lie in, at any depth. Pinned chats show anyway. */
function foldersAbove(chats: readonly Chat[], folders: readonly Folder[]): Set<string> {
  const unpinned = chats.filter(({ pinnedAt }) => pinnedAt === null)
  return new Set(unpinned.flatMap(({ folderId }) => folderPath(folders, folderId).map(({ id }) => id)))
}

export const isTreeRow = (row: ListRow | undefined): row is TreeRow => row !== undefined && row.kind !== 'heading'

/** The place of the row that this one lies in; -1 at the top. */
export function parentIndex(rows: readonly ListRow[], index: number): number {
  const row = rows[index]
  if (!isTreeRow(row) || row.level === 1) return -1
  for (let at = index - 1; at >= 0; at--) {
    const above = rows[at]
    if (isTreeRow(above) && above.level < row.level) return at
  }
  return -1
}

/** The next row in one direction (1 or -1) that can have the focus, counted from `index` itself; -1 = none. */
export function treeRowFrom(rows: readonly ListRow[], index: number, step: 1 | -1): number {
  let at = index
  while (rows[at] && !isTreeRow(rows[at])) at += step
  return rows[at] ? at : -1
}

/** Ids of the chats between two rows, both included, in the order of the list. */
export function chatsBetween(rows: readonly ListRow[], fromKey: string, toKey: string): string[] {
  const ends = [fromKey, toKey].map((key) => rows.findIndex((row) => row.key === key))
  const [first, last] = [Math.min(...ends), Math.max(...ends)]
  if (first < 0) return rows.some(({ key, kind }) => key === toKey && kind === 'chat') ? [toKey] : []
  return rows.slice(first, last + 1).flatMap((row) => (row.kind === 'chat' ? row.key : []))
}
