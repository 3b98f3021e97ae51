/** What of the library is shown. It outlives the page, so that coming back finds the same place. */
import { create } from 'zustand'
import type { Sort } from '../../components/sort-header.tsx'
import type { Column, ModelFilter } from './list-models.ts'

interface LibraryView {
  filter: ModelFilter
  sort: Sort<Column>
  /** The row that the keyboard is on. */
  activeModelId: string | null
  /** Whose page is open instead of the table. */
  openedModelId: string | null
  foldersOpen: boolean
  /** What the dialog of importing asks for; null = it is closed. */
  importing: 'file' | 'folder' | null
  /** How far the table is scrolled. */
  offsetPx: number
}

export const noFilter: ModelFilter = { text: '', type: 'all', source: 'all', duplicatesOnly: false }

export const useLibrary = create<LibraryView>(() => ({
  filter: noFilter,
  sort: { column: 'lastUsed', descending: true },
  activeModelId: null,
  openedModelId: null,
  foldersOpen: false,
  importing: null,
  offsetPx: 0,
}))

/** Another filter or order begins at the top. */
export function changeFilter(changes: Partial<ModelFilter>): void {
  useLibrary.setState(({ filter }) => ({ filter: { ...filter, ...changes }, activeModelId: null, offsetPx: 0 }))
}

/** Figures begin with the largest and days with the latest, words with A; a second press turns the order around. */
export function sortBy(column: Column): void {
  const largestFirst = column === 'size' || column === 'context' || column === 'lastUsed'
  useLibrary.setState(({ sort }) => ({
    sort: { column, descending: sort.column === column ? !sort.descending : largestFirst },
  }))
}

export function openModel(modelId: string | null): void {
  useLibrary.setState(modelId === null ? { openedModelId: null } : { openedModelId: modelId, activeModelId: modelId })
}

export const openImport = (importing: 'file' | 'folder') => useLibrary.setState({ importing })
export const closeImport = () => useLibrary.setState({ importing: null })
