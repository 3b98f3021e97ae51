/** Dragging chats and folders in the list: what is dragged, and where it would go. */
import { create } from 'zustand'
import { moveChats } from './chat-actions.ts'
import { fitsInto, moveFolder, placeFolder, setFolderOpen } from './folder-actions.ts'
import type { ListRow } from './list-rows.ts'
import { endSelection } from './list-store.ts'

export type Dragged = { chatIds: readonly string[] } | { folderId: string }

/** Into a folder (null = out of all folders), or beside a folder. */
export type DropPlace = { into: string | null } | { beside: string; side: 'before' | 'after' }

interface Drag {
  dragged: Dragged | null
  place: DropPlace | null
}

export const useDrag = create<Drag>(() => ({ dragged: null, place: null }))

const openAfterMs = 700
let opening: { folderId: string; timer: ReturnType<typeof setTimeout> } | null = null

/** A closed folder that is held over for a while opens. */
export function dragTo(place: DropPlace | null): void {
  const held = place && 'into' in place ? place.into : null
  if (opening && opening.folderId !== held) {
    clearTimeout(opening.timer)
    opening = null
  }
  if (held !== null) opening ??= { folderId: held, timer: setTimeout(() => setFolderOpen(held, true), openAfterMs) }
  const before = useDrag.getState().place
  if (JSON.stringify(before) !== JSON.stringify(place)) useDrag.setState({ place })
}

export function endDrag(): void {
  dragTo(null)
  useDrag.setState({ dragged: null })
}

/** Does what `place` shows. */
export function drop(): void {
  const { dragged, place } = useDrag.getState()
  endDrag()
  if (!dragged || !place) return
  if ('chatIds' in dragged) {
    if (!('into' in place)) return
    endSelection()
    void moveChats(dragged.chatIds, place.into)
  } else if ('into' in place) void moveFolder(dragged.folderId, place.into)
  else void placeFolder(dragged.folderId, place.beside, place.side)
}

/**
 * Where a drop on this row would go; undefined = the free space below all rows, null = it cannot be dropped here.
 * `fraction` is the pointer's height in the row, 0 at its top: a folder goes beside another one at that one's edges.
 */
export function dropPlaceAt(row: ListRow | undefined, fraction: number, dragged: Dragged): DropPlace | null {
  const place = placeAt(row, fraction, 'folderId' in dragged)
  if (!place || 'chatIds' in dragged) return place
  const target = 'into' in place ? place.into : place.beside
  return target === null || fitsInto(dragged.folderId, target) ? place : null
}

function placeAt(row: ListRow | undefined, fraction: number, ofFolder: boolean): DropPlace | null {
  if (!row) return { into: null }
  if (row.kind === 'heading') return row.heading === 'pinned' ? null : { into: null }
  if (row.kind === 'chat') return row.chat.pinnedAt === null ? { into: row.chat.folderId } : null
  if (ofFolder && fraction < 0.25) return { beside: row.folder.id, side: 'before' }
  if (ofFolder && fraction > 0.75 && !row.isOpen) return { beside: row.folder.id, side: 'after' }
  return { into: row.folder.id }
}
