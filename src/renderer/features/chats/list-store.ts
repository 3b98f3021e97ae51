/** How the list is used: the row with the focus, the chats selected, the field, menu or dialog that is open. */
import { create } from 'zustand'
import { createFolder } from './folder-actions.ts'

export type ListDialog =
  | { kind: 'move'; chatIds: readonly string[] }
  | { kind: 'move-folder'; folderId: string }
  | { kind: 'folder'; folderId: string }
  | { kind: 'trash' }

interface List {
  /** Keys of rows are the ids of their chats or folders. */
  activeKey: string | null
  selectedIds: ReadonlySet<string>
  /** Where a selection by Shift begins. */
  anchorKey: string | null
  renamingKey: string | null
  menuKey: string | null
  dialog: ListDialog | null
}

const none: ReadonlySet<string> = new Set()

export const useList = create<List>(() => ({
  activeKey: null,
  selectedIds: none,
  anchorKey: null,
  renamingKey: null,
  menuKey: null,
  dialog: null,
}))

export const select = (chatIds: Iterable<string>): void => useList.setState({ selectedIds: new Set(chatIds) })

export const endSelection = (): void => useList.setState({ selectedIds: none, anchorKey: null })

export function toggleSelected(chatId: string): void {
  useList.setState(({ selectedIds }) => {
    const next = new Set(selectedIds)
    if (!next.delete(chatId)) next.add(chatId)
    return { selectedIds: next, anchorKey: chatId }
  })
}

/** What an action on this chat is about: all selected ones if it is among them, else it alone. */
export function actedOn(chatId: string): string[] {
  const { selectedIds } = useList.getState()
  return selectedIds.has(chatId) ? [...selectedIds] : [chatId]
}

export const showDialog = (dialog: ListDialog | null): void => useList.setState({ dialog })

export const openTrash = (): void => showDialog({ kind: 'trash' })

/** Makes a folder and lets the person name it in place. */
export async function addFolder(parentId: string | null): Promise<void> {
  const folder = await createFolder(parentId)
  if (folder) useList.setState({ activeKey: folder.id, renamingKey: folder.id })
}

/** The tree has the focus, not its rows; fields and menus give it back. */
export function focusTree(): void {
  document.getElementById(treeId)?.focus({ preventScroll: true })
}

export const treeId = 'chats-tree'
export const rowId = (key: string): string => `chats-row-${key}`

/** Closes a dialog that a menu has opened: there is no button that the focus could go back to. */
export function closeDialog(): void {
  showDialog(null)
  setTimeout(focusTree)
}
