import type { Folder } from '../../../shared/contract/folders.ts'
import { folderPath } from '../../../shared/lib/chat-values.ts'
import { sortedFolders } from './folder-order.ts'

export interface MovePlace {
  folder: Folder
  /** 0 at the top. */
  depth: number
  /** Names of the folders above, outermost first. */
  above: string[]
}

/**
 * The folders that something can be moved to, as a tree read from top to bottom; with a filter, those whose
 * name contains it. A folder (`movedFolderId`) goes neither into itself nor into one that lies in it.
 */
export function movePlaces(folders: readonly Folder[], filter: string, movedFolderId: string | null): MovePlace[] {
  const wanted = filter.trim().toLowerCase()
  const under = (parentId: string | null): Folder[] =>
    sortedFolders(folders, parentId)
      .filter(({ id }) => id !== movedFolderId)
      .flatMap((folder) => [folder, ...under(folder.id)])
  return under(null)
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .map((folder) => {
      const above = folderPath(folders, folder.parentId).map(({ name }) => name).reverse()
      return { folder, depth: above.length, above }
    })
}
