/** What a person does to folders. */
import i18next from 'i18next'
import type { Folder } from '../../../shared/contract/folders.ts'
import { folderPath } from '../../../shared/lib/chat-values.ts'
import { client } from '../../lib/client.ts'
import { putFolder, saveFolder, useFolders } from '../../lib/folders-store.ts'
import { updateSettings, useSettings } from '../../lib/settings-store.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { showToast } from '../../lib/toast-store.ts'
import { openChat, removeChats, useChats } from './chats-store.ts'
import { positionBeside, sortedFolders } from './folder-order.ts'

const allFolders = () => useFolders.getState().folders ?? []

/** Remembers which folders show what is in them; folders that are gone are forgotten. */
export function setFolderOpen(folderId: string, open: boolean): void {
  const openIds = useSettings.getState().settings?.openFolderIds ?? []
  if (openIds.includes(folderId) === open) return
  const known = new Set(allFolders().map(({ id }) => id))
  const others = openIds.filter((id) => id !== folderId && known.has(id))
  void updateSettings({ openFolderIds: open ? [...others, folderId] : others })
}

/** Makes a folder at the end of its siblings, and opens the one it lies in. null, after telling why, if that failed. */
export async function createFolder(parentId: string | null, name?: string): Promise<Folder | null> {
  try {
    const folder = await client.folders.create({ name: name ?? i18next.t('folders.newFolder'), parentId })
    putFolder(folder)
    if (parentId !== null) setFolderOpen(parentId, true)
    return folder
  } catch (error) {
    showFailure(error)
    return null
  }
}

/** An empty name changes nothing. */
export async function renameFolder(folder: Folder, name: string): Promise<void> {
  const trimmed = name.trim().slice(0, 200)
  if (trimmed && trimmed !== folder.name) await saveFolder(folder.id, { name: trimmed }).catch(() => {})
}

/** Whether the folder can be put into `parentId`: not into itself, nor into one that lies in it. */
export function fitsInto(folderId: string, parentId: string | null): boolean {
  return !folderPath(allFolders(), parentId).some(({ id }) => id === folderId)
}

/** Puts a folder at the end of those in `parentId`. */
export async function moveFolder(folderId: string, parentId: string | null): Promise<void> {
  const folder = allFolders().find(({ id }) => id === folderId)
  if (!folder || folder.parentId === parentId || !fitsInto(folderId, parentId)) return
  const position = (sortedFolders(allFolders(), parentId).at(-1)?.position ?? 0) + 1
  await saveFolder(folderId, { parentId, position }).catch(() => {})
}

/** Puts a folder beside another one, under the same parent. */
export async function placeFolder(folderId: string, targetId: string, side: 'before' | 'after'): Promise<void> {
  const target = allFolders().find(({ id }) => id === targetId)
  if (!target || folderId === targetId || !fitsInto(folderId, target.parentId)) return
  const siblings = sortedFolders(allFolders(), target.parentId).filter(({ id }) => id !== folderId)
  const place = positionBeside(siblings, targetId, side)
  await Promise.all([
    ...place.renumbered.map(({ id, position }) => saveFolder(id, { position })),
    saveFolder(folderId, { parentId: target.parentId, position: place.position }),
  ]).catch(() => {})
}

/** Moves it to the trash with all in it, and offers to take that back. */
export async function trashFolder(folder: Folder): Promise<void> {
  const folders = allFolders()
  const { chats, currentChatId } = useChats.getState()
  const isIn = (folderId: string | null) => folderPath(folders, folderId).some(({ id }) => id === folder.id)
  const goneFolderIds = new Set(folders.filter(({ id }) => isIn(id)).map(({ id }) => id))
  const gone = [...(chats?.values() ?? [])].filter(({ folderId }) => folderId !== null && goneFolderIds.has(folderId))
  const openId = gone.find(({ id }) => id === currentChatId)?.id
  try {
    await client.folders.trash({ folderId: folder.id })
  } catch (error) {
    return showFailure(error)
  }
  useFolders.setState(({ folders }) => ({ folders: folders?.filter(({ id }) => !goneFolderIds.has(id)) ?? null }))
  removeChats(gone.map(({ id }) => id))
  showToast({
    text: i18next.t('folders.deleted', { name: folder.name, count: gone.length }),
    action: { label: i18next.t('common.undo'), run: () => void restoreFolder(folder.id, openId) },
  })
}

async function restoreFolder(folderId: string, openChatId: string | undefined): Promise<void> {
  try {
    putFolder(await client.folders.restore({ folderId }))
    if (openChatId !== undefined) openChat(openChatId)
  } catch (error) {
    showFailure(error)
  }
}
