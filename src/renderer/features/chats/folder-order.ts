/** The order of folders among their siblings. */
import type { Folder } from '../../../shared/contract/folders.ts'

type Placed = Pick<Folder, 'id' | 'parentId' | 'name' | 'position'>

/** Those right in `parentId`, in their order; where two have the same place, by creation (ids sort by it). */
export function sortedFolders<F extends Placed>(folders: readonly F[], parentId: string | null): F[] {
  return folders
    .filter((folder) => folder.parentId === parentId)
    .sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))
}

/**
 * The position for a folder that is put beside `targetId`, halfway to the next one. Where no number is left between
 * the two, `renumbered` has new positions for the siblings; else it is empty. `siblings` are in their order.
 */
export function positionBeside(siblings: readonly Placed[], targetId: string, side: 'before' | 'after') {
  const target = siblings.findIndex(({ id }) => id === targetId)
  const at = side === 'before' ? target : target + 1
  const before = siblings[at - 1]?.position ?? siblings[at]!.position - 2
  const after = siblings[at]?.position ?? before + 2
  const position = (before + after) / 2
  if (before < position && position < after) return { position, renumbered: [] }
  const renumbered = siblings.map(({ id }, index) => ({ id, position: index < at ? index : index + 1 }))
  return { position: at, renumbered }
}
