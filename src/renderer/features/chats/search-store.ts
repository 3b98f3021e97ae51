/** The search over all chats: what is looked for, and what was found. */
import { create } from 'zustand'
import type { SearchHit } from '../../../shared/contract/search.ts'
import { client } from '../../lib/client.ts'
import { showFailure } from '../../lib/show-failure.ts'

interface Search {
  /** As typed; with nothing but spaces the list of chats is shown. */
  query: string
  /** null until the first answer for a query is there. */
  found: { query: string; hits: SearchHit[]; hasMore: boolean } | null
  limit: number
  /** Of the hits, the one with the focus. */
  activeIndex: number
  /** The field is to take the focus as soon as it is there. */
  wantsFocus: boolean
}

const debounceMs = 150
const firstLimit = 100
export const maxLimit = 500

export const useSearch = create<Search>(() => ({
  query: '',
  found: null,
  limit: firstLimit,
  activeIndex: 0,
  wantsFocus: false,
}))

/** Puts the focus into the search field, also when the sidebar is only about to be shown. */
export function focusSearch(): void {
  useSearch.setState({ wantsFocus: true })
}

let timer: ReturnType<typeof setTimeout> | undefined

/** While an input method composes, `query` is what it shows, and nothing is looked for. */
export function setQuery(query: string, isComposing: boolean): void {
  clearTimeout(timer)
  useSearch.setState({ query, limit: firstLimit })
  if (!query.trim()) useSearch.setState({ found: null, activeIndex: 0 })
  else if (!isComposing) timer = setTimeout(() => void find(), debounceMs)
}

export function showMore(): void {
  useSearch.setState({ limit: maxLimit })
  void find()
}

async function find(): Promise<void> {
  const { query, limit } = useSearch.getState()
  const isStale = () => useSearch.getState().query !== query || useSearch.getState().limit !== limit
  try {
    const { hits, hasMore } = await client.search.find({ query: query.slice(0, 500), limit })
    if (isStale()) return
    useSearch.setState(({ activeIndex }) => ({
      found: { query, hits, hasMore },
      activeIndex: limit === firstLimit ? 0 : activeIndex,
    }))
  } catch (error) {
    if (!isStale()) showFailure(error)
  }
}
