import { useTranslation } from 'react-i18next'
import type { SearchHit } from '../../../shared/contract/search.ts'
import { Button } from '../../components/button.tsx'
import { formatDay, formatNumber } from '../../lib/i18n/format.ts'
import { showMessage } from '../../lib/shown-message.ts'
import { openChat } from './chats-store.ts'
import { groupHits } from './group-hits.ts'
import { MarkedText } from './marked-text.tsx'
import { maxLimit, showMore, useSearch } from './search-store.ts'

export const resultsId = 'search-results'
export const hitId = (index: number): string => `search-hit-${index}`

/** Opens the chat, at the message if it was one that was found. */
export function openHit({ chatId, message }: SearchHit, query: string): void {
  openChat(chatId)
  showMessage(message && { chatId, messageId: message.id, query })
}

/** What was found, by chat. It takes the place of the list of chats. */
export function SearchResults() {
  const { t } = useTranslation()
  const { found, activeIndex, limit } = useSearch()
  if (!found) return <p className="flex-1 px-4 pt-4 text-secondary">{t('search.searching')}</p>
  const { query, hits, hasMore } = found
  const count = `${formatNumber(hits.length)}${hasMore ? '+' : ''}`
  const groups = groupHits(hits)
  let index = 0
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3" tabIndex={-1}>
      <p role="status" className="px-2 pt-2 pb-1 text-small wrap-anywhere text-secondary">
        {hits.length > 0 ? (
          t('search.found', { count: hits.length, shown: count })
        ) : (
          <>
            <span className="block pb-1 text-interface text-text">{t('search.nothing', { query: query.trim() })}</span>
            {t('search.searchedWhat')}
          </>
        )}
      </p>
      {groups.length > 0 && (
        <div role="listbox" id={resultsId} aria-label={t('search.results')}>
          {groups.map((group) => {
            const title = group.title || t('chats.untitled')
            const titleIsHit = group.hits[0]?.message === null
            return (
              <div key={group.chatId} role="group" aria-label={title} className="pt-1">
                {!titleIsHit && (
                  <p aria-hidden className="truncate px-2 py-1 font-semibold">
                    <MarkedText text={title} ranges={group.titleRanges} />
                  </p>
                )}
                {group.hits.map((hit) => {
                  const at = index++
                  const key = hit.message?.id ?? 'title'
                  return <Hit key={key} hit={hit} index={at} isActive={at === activeIndex} query={query} />
                })}
              </div>
            )
          })}
        </div>
      )}
      {hasMore && limit < maxLimit && (
        <Button look="quiet" className="mt-2 w-full" onClick={showMore}>
          {t('search.more')}
        </Button>
      )}
      {hasMore && limit === maxLimit && <p className="px-2 pt-2 text-small text-secondary">{t('search.capped')}</p>}
    </div>
  )
}

interface HitProps {
  hit: SearchHit
  index: number
  isActive: boolean
  query: string
}

function Hit({ hit, index, isActive, query }: HitProps) {
  const { t } = useTranslation()
  const { message } = hit
  return (
    <div
      role="option"
      id={hitId(index)}
      aria-selected={isActive}
      // The field keeps the focus, so that the arrows go on from here.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        useSearch.setState({ activeIndex: index })
        openHit(hit, query)
      }}
      className="rounded-control px-2 py-1 hover:bg-hover aria-selected:bg-chosen"
    >
      {message ? (
        <>
          <span className="line-clamp-3 wrap-anywhere">
            <MarkedText text={message.excerpt} ranges={message.ranges} />
          </span>
          <span className="block truncate text-small text-secondary">
            {t(message.role === 'user' ? 'search.you' : 'search.assistant')} · {formatDay(message.createdAt)}
          </span>
        </>
      ) : (
        <span className="line-clamp-2 font-semibold wrap-anywhere">
          <MarkedText text={hit.chatTitle} ranges={hit.titleRanges} />
        </span>
      )}
    </div>
  )
}
