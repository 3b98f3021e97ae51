import type { SearchHit } from '../../../shared/contract/search.ts'

export interface HitGroup {
  chatId: string
  title: string
  titleRanges: SearchHit['titleRanges']
  /** The hit in the title first, if there is one. */
  hits: SearchHit[]
}

/** Hits by chat, in the order in which each chat was found first. */
export function groupHits(hits: readonly SearchHit[]): HitGroup[] {
  const groups = new Map<string, HitGroup>()
  for (const hit of hits) {
    const group = groups.get(hit.chatId)
    if (group) group.hits.push(hit)
    else groups.set(hit.chatId, { chatId: hit.chatId, title: hit.chatTitle, titleRanges: hit.titleRanges, hits: [hit] })
  }
  return [...groups.values()]
}
