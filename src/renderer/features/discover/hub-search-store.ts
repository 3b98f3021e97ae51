/** A search on a hub, page by page. Nothing is asked of a hub before a person searches. */
import { create } from 'zustand'
import type { HubResult, SourceId } from '../../../shared/contract/hubs.ts'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'

export type HubSort = 'downloads' | 'updated'

interface HubSearch {
  /** What was searched for; null before the first search. */
  text: string | null
  sort: HubSort
  /** The hub that answered. */
  sourceId: SourceId | null
  results: readonly HubResult[]
  /** null after the last page. */
  nextCursor: string | null
  isLoading: boolean
  failure: ShownFailure | null
}

export const useHubSearch = create<HubSearch>(() => ({
  text: null,
  sort: 'downloads',
  sourceId: null,
  results: [],
  nextCursor: null,
  isLoading: false,
  failure: null,
}))

let running = new AbortController()

async function loadPage(cursor: string | null): Promise<void> {
  const { text, sort } = useHubSearch.getState()
  if (text === null) return
  running.abort()
  running = new AbortController()
  const { signal } = running
  useHubSearch.setState({ isLoading: true, failure: null })
  try {
    const page = await client.hubs.search({ text, sort, cursor }, { signal })
    if (signal.aborted) return
    useHubSearch.setState(({ results }) => {
      // A hub may show an entry on two pages when its order changes in between.
      const known = new Set(results.map(({ repository }) => repository))
      return {
        sourceId: page.sourceId,
        results: [...results, ...page.results.filter(({ repository }) => !known.has(repository))],
        nextCursor: page.nextCursor,
        isLoading: false,
      }
    })
  } catch (error) {
    if (!signal.aborted) useHubSearch.setState({ isLoading: false, failure: failureOf(error) })
  }
}

export function searchHub(text: string, sort: HubSort): void {
  useHubSearch.setState({ text: text.trim(), sort, results: [], nextCursor: null })
  void loadPage(null)
}

/** The next page, or the one that failed again. */
export function loadMoreResults(): void {
  const { isLoading, nextCursor, results } = useHubSearch.getState()
  if (!isLoading && (nextCursor !== null || results.length === 0)) void loadPage(nextCursor)
}
