import { KeyRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { HubResult, SourceId } from '../../../shared/contract/hubs.ts'
import { Button } from '../../components/button.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { formatDay, formatNumber } from '../../lib/i18n/format.ts'
import { moveByArrowKeys } from '../../lib/move-by-arrow-keys.ts'
import { openRepository } from './discover-store.ts'
import { FailureNotice } from './failure-notice.tsx'
import { loadMoreResults, searchHub, useHubSearch } from './hub-search-store.ts'
import { useInSight } from './use-in-sight.ts'
import { useSourceName } from './use-source-name.ts'

const sorts = ['downloads', 'updated'] as const

/** What a hub found. The next page is asked for when the end comes into sight. */
export function HubResults() {
  const { t } = useTranslation()
  const sourceName = useSourceName()
  const { text, sort, sourceId, results, nextCursor, isLoading, failure } = useHubSearch()
  if (text === null) return <p className="py-10 text-center text-secondary">{t('discover.hubIntro')}</p>
  const source = sourceId ? sourceName(sourceId) : ''
  const isEmpty = !isLoading && !failure && results.length === 0
  return (
    <div className="flex flex-col gap-3">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-2">
        <p className="text-secondary">{source && t('discover.resultsFrom', { source })}</p>
        <SegmentedField
          label={t('discover.sort')}
          value={sort}
          options={sorts.map((value) => ({ value, label: t(`discover.sorts.${value}`) }))}
          onValueChange={(sort) => searchHub(text, sort)}
        />
      </div>
      {isEmpty && (
        <p className="py-10 text-center text-secondary">{t('discover.hubEmpty', { source, text })}</p>
      )}
      <ul className="divide-y divide-line border-line not-empty:border-y" onKeyDown={moveByArrowKeys}>
        {results.map((result) => (
          <ResultRow key={result.repository} result={result} sourceId={sourceId} />
        ))}
      </ul>
      {isLoading && (
        <p role="status" className="py-2 text-center text-secondary">
          {t(results.length > 0 ? 'discover.loadingMore' : 'discover.searching')}
        </p>
      )}
      {failure && <FailureNotice failure={failure} onRetry={loadMoreResults} />}
      {nextCursor !== null && !isLoading && !failure && <MoreButton key={nextCursor} />}
    </div>
  )
}

function ResultRow({ result, sourceId }: { result: HubResult; sourceId: SourceId | null }) {
  const { t } = useTranslation()
  const { repository, downloads, likes, updatedAt, isGated } = result
  const facts = [
    downloads !== null && t('discover.downloadsCount', { shown: formatNumber(downloads) }),
    likes !== null && t('discover.likes', { shown: formatNumber(likes) }),
    updatedAt !== null && t('discover.updated', { date: formatDay(updatedAt) }),
  ]
  return (
    <li>
      <button
        type="button"
        data-arrow-stop
        onClick={() => openRepository(repository, sourceId)}
        className="flex w-full flex-wrap items-baseline gap-x-4 gap-y-0.5 rounded-small px-2 py-2 text-start hover:bg-hover"
      >
        <span className="min-w-0 flex-1 wrap-anywhere">{repository}</span>
        {isGated && (
          <span className="inline-flex items-center gap-1 self-center text-small">
            <KeyRound aria-hidden className="size-3.5 text-warning" strokeWidth={1.75} />
            {t('discover.gated')}
          </span>
        )}
        <span className="text-small text-secondary">{facts.filter(Boolean).join(' · ')}</span>
      </button>
    </li>
  )
}

function MoreButton() {
  const { t } = useTranslation()
  const button = useInSight<HTMLDivElement>(loadMoreResults, '')
  return (
    <div ref={button} className="flex justify-center">
      <Button onClick={loadMoreResults}>{t('discover.more')}</Button>
    </div>
  )
}
