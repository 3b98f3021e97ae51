import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogEntry } from '../../../shared/contract/catalog.ts'
import type { Fit, FitTarget } from '../../../shared/contract/fit.ts'
import { Button } from '../../components/button.tsx'
import { SortHeader, useSort } from '../../components/sort-header.tsx'
import { VerdictWord } from '../../components/verdict-word.tsx'
import { formatFigure, formatNumber } from '../../lib/i18n/format.ts'
import { moveByArrowKeys } from '../../lib/move-by-arrow-keys.ts'
import { CatalogFilterBar } from './catalog-filter-bar.tsx'
import { largestContext, matchesFilters, matchesText } from './catalog-filter.ts'
import { loadCatalog, useCatalog } from './catalog-store.ts'
import { noFilters, openEntry, useDiscover } from './discover-store.ts'
import { FailureNotice } from './failure-notice.tsx'
import { askCatalogFits, doesFit, fitKey, useFits } from './fits-store.ts'
import { useInSight } from './use-in-sight.ts'

type Column = 'rank' | 'name' | 'parameters' | 'context' | 'size'

export function fitTargets({ id, files }: CatalogEntry): FitTarget[] {
  return files.map(({ name }) => ({ type: 'catalog', entryId: id, fileName: name }))
}

/** The largest file that fits; else the verdict on the smallest. undefined while it is not known of all. */
function bestFit({ id, files }: CatalogEntry, fits: Readonly<Record<string, Fit | null>>) {
  const known = files.map((file) => ({ file, fit: fits[fitKey({ type: 'catalog', entryId: id, fileName: file.name })] }))
  if (known.some(({ fit }) => fit === undefined)) return undefined
  const fromLargest = known.toSorted((a, b) => b.file.sizeBytes - a.file.sizeBytes)
  return fromLargest.find(({ fit }) => doesFit(fit)) ?? fromLargest.at(-1)
}

/** The curated list: filtered, sorted, and opened by a click. */
export function CatalogList() {
  const { t } = useTranslation()
  const { entries, failure } = useCatalog()
  const { text, filters } = useDiscover()
  const fits = useFits((state) => state.fits)
  const { sort, sortBy, sorted } = useSort<Column>({ column: 'rank', descending: false })

  const asked = entries?.filter((entry) => matchesText(entry, text) && matchesFilters(entry, filters)) ?? []
  const listed = filters.onlyFitting ? asked.filter((entry) => doesFit(bestFit(entry, fits)?.fit)) : asked
  useEffect(() => {
    if (filters.onlyFitting && entries) askCatalogFits(entries.flatMap(fitTargets))
  }, [filters.onlyFitting, entries])

  if (failure) return <FailureNotice failure={failure} onRetry={() => void loadCatalog()} />
  if (!entries) return null
  const rows = sorted(listed, (entry, column) => {
    if (column === 'name') return entry.name
    if (column === 'parameters') return entry.parametersB
    if (column === 'context') return largestContext(entry) || null
    if (column === 'size') return entry.files.length > 0 ? smallestSize(entry) : null
    return entries.indexOf(entry)
  })
  const head = (column: Column, words: string, className = '') => (
    <SortHeader column={column} sort={sort} onSort={sortBy} isNumber={column !== 'name'} className={className}>
      {words}
    </SortHeader>
  )
  return (
    <div className="@container flex flex-col gap-3">
      <CatalogFilterBar />
      {rows.length === 0 ? (
        <div className="flex flex-col items-center gap-4 py-10 text-center">
          <p className="text-secondary">{t(text ? 'discover.noMatch' : 'discover.noMatchFiltered')}</p>
          <Button onClick={() => useDiscover.setState({ text: '', filters: noFilters })}>
            {t('discover.clearFilters')}
          </Button>
        </div>
      ) : (
        <table className="w-full" aria-label={t('discover.catalog')} onKeyDown={moveByArrowKeys}>
          <thead className="sticky top-0 z-10 bg-page text-small text-secondary">
            <tr className="h-9 border-b border-line">
              {head('name', t('discover.name'))}
              <th scope="col" className="px-2 text-start font-normal">
                {t('discover.kind')}
              </th>
              {head('parameters', t('discover.parametersColumn'))}
              {head('context', t('discover.contextColumn'), '@max-[52rem]:hidden')}
              {head('size', t('discover.fileSizeColumn'), '@max-[40rem]:hidden')}
              <th scope="col" className="px-2 text-start font-normal">
                {t('discover.fit')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((entry) => (
              <EntryRow key={entry.id} entry={entry} best={bestFit(entry, fits)} />
            ))}
          </tbody>
        </table>
      )}
      <p role="status" className="text-small text-secondary">
        {t('discover.count', { count: rows.length })}
      </p>
    </div>
  )
}

const smallestSize = ({ files }: CatalogEntry) => Math.min(...files.map(({ sizeBytes }) => sizeBytes))
const largestSize = ({ files }: CatalogEntry) => Math.max(...files.map(({ sizeBytes }) => sizeBytes))

interface EntryRowProps {
  entry: CatalogEntry
  best: ReturnType<typeof bestFit>
}

function EntryRow({ entry, best }: EntryRowProps) {
  const { t } = useTranslation()
  const row = useInSight<HTMLTableRowElement>(() => best || askCatalogFits(fitTargets(entry)), entry.id)
  const hasFiles = entry.files.length > 0
  const context = largestContext(entry)
  return (
    <tr ref={row} onClick={() => openEntry(entry.id)} className="h-9 border-b border-line hover:bg-hover">
      <td className="w-1/2 px-2">
        <span className="flex flex-wrap items-center gap-x-2">
          <button
            type="button"
            data-arrow-stop
            data-entry={entry.id}
            className="rounded-small py-1 text-start wrap-anywhere"
            onClick={(event) => {
              event.stopPropagation()
              openEntry(entry.id)
            }}
          >
            {entry.name}
          </button>
          {entry.isRecommended && <span className="text-small text-accent">{t('discover.recommended')}</span>}
        </span>
      </td>
      <td className="px-2 whitespace-nowrap">{t(`discover.kinds.${entry.kind}`)}</td>
      <td className="px-2 text-end">{entry.parametersB === null ? '–' : formatFigure(entry.parametersB, 2)}</td>
      <td className="px-2 text-end @max-[52rem]:hidden">{context === 0 ? '–' : formatNumber(context)}</td>
      <td className="px-2 text-end whitespace-nowrap @max-[40rem]:hidden">
        {hasFiles ? sizeRange(smallestSize(entry), largestSize(entry)) : '–'}
      </td>
      <td className="px-2">
        {!hasFiles && <span className="text-secondary">{t('discover.noFiles')}</span>}
        {hasFiles && best === undefined && <span className="text-secondary">{t('discover.estimating')}</span>}
        {best?.fit && (
          <span className="flex items-center gap-x-2 whitespace-nowrap">
            <VerdictWord fit={best.fit} />
            {doesFit(best.fit) && (
              <span className="text-small text-secondary @max-[48rem]:hidden">
                {t('discover.upTo', { quantization: best.file.quantization })}
              </span>
            )}
          </span>
        )}
      </td>
    </tr>
  )
}

function sizeRange(fromBytes: number, toBytes: number): string {
  const [from, to] = [fromBytes, toBytes].map((sizeBytes) => formatFigure(sizeBytes / 1e9, 2))
  return from === to ? from! : `${from} – ${to}`
}
