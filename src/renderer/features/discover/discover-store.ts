/** What is shown in Discover. It is kept here so that it is still there after a look at another place. */
import { create } from 'zustand'
import type { CatalogEntry } from '../../../shared/contract/catalog.ts'
import type { SourceId } from '../../../shared/contract/hubs.ts'

export interface CatalogFilters {
  family: 'all' | CatalogEntry['family']
  kind: 'all' | CatalogEntry['kind']
  size: 'all' | 'small' | 'medium' | 'large' | 'huge'
  /** At least so many thousand tokens. */
  context: 'all' | '8' | '16' | '32' | '64'
  source: 'all' | 'hugging-face' | 'modelscope'
  onlyFitting: boolean
}

export const noFilters: CatalogFilters = {
  family: 'all',
  kind: 'all',
  size: 'all',
  context: 'all',
  source: 'all',
  onlyFitting: false,
}

export interface OpenedRepository {
  type: 'repository'
  /** What was pasted or chosen from the results. */
  reference: string
  /** Where the search found it; null for what was pasted. */
  sourceId: SourceId | null
}

interface Discover {
  /** Of the one field: it filters the catalog as it is typed, and is what a hub is searched for. */
  text: string
  tab: 'catalog' | 'hub'
  filters: CatalogFilters
  /** The page shown in place of the lists. */
  opened: { type: 'entry'; entryId: string } | OpenedRepository | null
}

export const useDiscover = create<Discover>(() => ({ text: '', tab: 'catalog', filters: noFilters, opened: null }))

export const openEntry = (entryId: string) => useDiscover.setState({ opened: { type: 'entry', entryId } })
export const openRepository = (reference: string, sourceId: SourceId | null = null) =>
  useDiscover.setState({ opened: { type: 'repository', reference: reference.trim(), sourceId } })
export const closeOpened = () => useDiscover.setState({ opened: null })
