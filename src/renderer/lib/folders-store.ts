/** The folders of chats as the host tells them. A change that is saved here is shown at once. */
import { create } from 'zustand'
import type { Folder } from '../../shared/contract/folders.ts'
import { client } from './client.ts'
import { follow } from './follow.ts'
import { showFailure } from './show-failure.ts'

/** null until the host has told them. */
export const useFolders = create<{ folders: readonly Folder[] | null }>(() => ({ folders: null }))

export function followFolders(signal: AbortSignal): Promise<void> {
  return follow(
    (signal) => client.folders.watch(undefined, { signal }),
    (folders) => useFolders.setState({ folders }),
    signal,
  )
}

export function putFolder(folder: Folder): void {
  useFolders.setState(({ folders }) => ({
    folders: [...(folders ?? []).filter(({ id }) => id !== folder.id), folder],
  }))
}

export type FolderChanges = Partial<Omit<Folder, 'id' | 'createdAt' | 'updatedAt'>>

/** Rejects, after telling the person, when it was not saved. */
export async function saveFolder(folderId: string, changes: FolderChanges): Promise<void> {
  const before = useFolders.getState().folders?.find(({ id }) => id === folderId)
  if (before) putFolder({ ...before, ...changes })
  try {
    putFolder(await client.folders.update({ folderId, ...changes }))
  } catch (error) {
    if (before) putFolder(before)
    showFailure(error)
    throw error
  }
}
