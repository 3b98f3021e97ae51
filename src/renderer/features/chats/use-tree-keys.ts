/**
 * The keyboard of the list, as trees have it: arrows move, open and close, letters find. A key that takes something
 * away works only while the tree itself has the focus, is never Backspace, and can be undone.
 */
import { useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { chatTitle, trashChats } from './chat-actions.ts'
import { openChat } from './chats-store.ts'
import { setFolderOpen, trashFolder } from './folder-actions.ts'
import { chatsBetween, isTreeRow, parentIndex, treeRowFrom } from './list-rows.ts'
import type { ListRow, TreeRow } from './list-rows.ts'
import { endSelection, select, toggleSelected, useList } from './list-store.ts'

const typedTogetherMs = 700

const nameOf = (row: TreeRow): string => (row.kind === 'chat' ? chatTitle(row.chat) : row.folder.name)

/** `moveTo` gives a row the focus and brings it into view; `pageRows` is how many rows fit into the view. */
export function useTreeKeys(
  rows: readonly ListRow[],
  activeIndex: number,
  moveTo: (index: number) => void,
  pageRows: () => number,
) {
  const typed = useRef({ text: '', atMs: 0 })

  /** The first row behind the active one whose name begins with what was just typed. */
  function find(letter: string, nowMs: number): number {
    const { text, atMs } = typed.current
    const goesOn = nowMs - atMs < typedTogetherMs
    typed.current = { text: (goesOn ? text : '') + letter.toLowerCase(), atMs: nowMs }
    const start = goesOn && text ? activeIndex : activeIndex + 1
    for (let i = 0; i < rows.length; i++) {
      const at = (start + i) % rows.length
      const row = rows[at]
      if (isTreeRow(row) && nameOf(row).toLowerCase().startsWith(typed.current.text)) return at
    }
    return -1
  }

  function moveFocus(event: KeyboardEvent, active: TreeRow): boolean {
    const targets: Record<string, () => number> = {
      ArrowDown: () => treeRowFrom(rows, activeIndex + 1, 1),
      ArrowUp: () => treeRowFrom(rows, activeIndex - 1, -1),
      PageDown: () => treeRowFrom(rows, Math.min(activeIndex + pageRows(), rows.length - 1), -1),
      PageUp: () => treeRowFrom(rows, Math.max(activeIndex - pageRows(), 0), 1),
      Home: () => treeRowFrom(rows, 0, 1),
      End: () => treeRowFrom(rows, rows.length - 1, -1),
    }
    const target = targets[event.key]
    if (!target) return false
    const next = target()
    const row = rows[next]
    if (!row) return true
    moveTo(next)
    if (event.shiftKey) {
      const anchorKey = useList.getState().anchorKey ?? active.key
      useList.setState({ anchorKey })
      select(chatsBetween(rows, anchorKey, row.key))
    } else if (useList.getState().selectedIds.size === 0) {
      useList.setState({ anchorKey: null })
    }
    return true
  }

  function openOrClose(key: string, active: TreeRow): boolean {
    if (key === 'ArrowRight') {
      if (active.kind === 'folder' && !active.isOpen) setFolderOpen(active.folder.id, true)
      else if (active.kind === 'folder' && !active.isEmpty) moveTo(activeIndex + 1)
    } else if (key === 'ArrowLeft') {
      if (active.kind === 'folder' && active.isOpen) setFolderOpen(active.folder.id, false)
      else if (parentIndex(rows, activeIndex) >= 0) moveTo(parentIndex(rows, activeIndex))
    } else return false
    return true
  }

  function act(event: KeyboardEvent, active: TreeRow): boolean {
    const isChat = active.kind === 'chat'
    if (event.key === 'Enter') {
      if (isChat) openChat(active.key)
      else setFolderOpen(active.key, !active.isOpen)
    } else if (event.key === ' ') {
      if (isChat) toggleSelected(active.key)
      else setFolderOpen(active.key, !active.isOpen)
    } else if (event.key === 'F2') {
      useList.setState({ renamingKey: active.key })
    } else if (event.key === 'Delete') {
      trash(active)
    } else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      useList.setState({ menuKey: active.key })
    } else return false
    return true
  }

  /** The selected chats, else what is active. The focus goes to the nearest row that stays. */
  function trash(active: TreeRow) {
    const { selectedIds } = useList.getState()
    const folder = active.kind === 'folder' && selectedIds.size === 0 ? active.folder : null
    const gone = selectedIds.size > 0 ? selectedIds : new Set([active.key])
    const outside = (row: ListRow | undefined): row is TreeRow =>
      isTreeRow(row) && !gone.has(row.key) && (!folder || row.level <= active.level)
    const next = rows.slice(activeIndex + 1).find(outside) ?? rows.slice(0, activeIndex).findLast(outside)
    useList.setState({ activeKey: next?.key ?? null })
    endSelection()
    void (folder ? trashFolder(folder) : trashChats([...gone]))
  }

  return (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey) return
    const active = rows[activeIndex]
    const command = event.ctrlKey || event.metaKey
    if (command && event.key.toLowerCase() === 'a') {
      select(rows.flatMap(({ kind, key }) => (kind === 'chat' ? key : [])))
    } else if (command && event.key === ' ' && active?.kind === 'chat') {
      toggleSelected(active.key)
    } else if (command || !isTreeRow(active)) {
      return
    } else if (event.key === 'Escape' && useList.getState().selectedIds.size > 0) {
      endSelection()
    } else if (!moveFocus(event, active) && !openOrClose(event.key, active) && !act(event, active)) {
      if (event.key.length !== 1) return
      const found = find(event.key, event.timeStamp)
      if (found >= 0) moveTo(found)
    }
    event.preventDefault()
  }
}
