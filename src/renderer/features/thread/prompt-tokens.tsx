import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { memo, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PromptPart } from '../../../shared/contract/generation.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { findTokens } from './find-tokens.ts'
import { tokenGroups } from './token-pieces.ts'
import { shownToken } from './token-text.ts'
import './tokens.css'

interface ShownToken {
  id: number
  text: string
  isControl: boolean
  isCached: boolean
}

/** A part's heading, or tokens from one index up to another. */
type Row = { part: PromptPart } | { from: number; to: number }

/** The prompt token by token, with a search in it. */
export function PromptTokens({ parts }: { parts: readonly PromptPart[] }) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const [withIds, setWithIds] = useState(false)
  const { tokens, rows } = useMemo(() => rowsOf(parts), [parts])
  const texts = useMemo(() => tokens.map(({ text }) => text), [tokens])
  const searched = useDeferredValue(query)
  const hits = useMemo(() => findTokens(texts, searched), [texts, searched])
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 56,
    overscan: 8,
  })

  const hit = hits[at] ?? null
  useEffect(() => {
    if (!hit) return
    virtual.scrollToIndex(rows.findIndex((row) => 'from' in row && hit[0] < row.to && hit[0] >= row.from))
    // The virtualizer is one object for as long as the list is shown.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [hit])

  const go = (by: 1 | -1) => hits.length > 0 && setAt((at + by + hits.length) % hits.length)
  const keys = useTextInputKeys({ onSubmit: () => go(1) })

  return (
    <div className="flex min-h-64 min-w-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-1 pb-2">
        <input
          type="search"
          aria-label={t('prompt.search')}
          placeholder={t('prompt.search')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setAt(0)
          }}
          className="h-8 min-w-32 flex-1 rounded-control border border-line bg-page px-2.5 outline-none focus:border-accent"
          {...keys}
        />
        {searched !== '' && (
          <span role="status" className="px-1 text-small text-secondary">
            {hits.length > 0 ? t('prompt.hits', { at: at + 1, count: hits.length }) : t('prompt.noHits')}
          </span>
        )}
        <IconButton
          label={t('prompt.previousHit')}
          icon={ChevronUp}
          disabled={hits.length === 0}
          onClick={() => go(-1)}
        />
        <IconButton label={t('prompt.nextHit')} icon={ChevronDown} disabled={hits.length === 0} onClick={() => go(1)} />
        <label className="flex h-8 items-center gap-1.5 ps-2">
          <input type="checkbox" checked={withIds} onChange={(event) => setWithIds(event.target.checked)} />
          {t('prompt.showIds')}
        </label>
      </div>
      <div
        ref={scroller}
        role="group"
        aria-label={t('prompt.tokenList')}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto rounded-control border border-line p-3 text-reading"
      >
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]!
            return (
              <div
                key={index}
                ref={virtual.measureElement}
                data-index={index}
                className="absolute inset-x-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                {'part' in row ? (
                  <h3 className="pt-2 pb-1 text-small text-secondary">
                    {t('prompt.partTokens', { part: t(`prompt.part.${row.part.kind}`), count: row.part.tokens.length })}
                  </h3>
                ) : (
                  <TokenRow tokens={tokens} {...row} hits={hits} hit={hit} withIds={withIds} />
                )}
              </div>
            )
          })}
        </div>
      </div>
      <p className="flex flex-wrap gap-4 pt-2 text-small text-secondary">
        <span>
          <span className="token" data-control="">
            &lt;s&gt;
          </span>{' '}
          {t('prompt.legend.control')}
        </span>
        <span>
          <span className="token" data-cached="">
            abc
          </span>{' '}
          {t('prompt.legend.cached')}
        </span>
      </p>
    </div>
  )
}

function rowsOf(parts: readonly PromptPart[]): { tokens: ShownToken[]; rows: Row[] } {
  const tokens: ShownToken[] = []
  const rows: Row[] = []
  for (const part of parts) {
    const first = tokens.length
    rows.push({ part })
    for (const [from, to] of tokenGroups(part.tokens)) rows.push({ from: first + from, to: first + to })
    part.tokens.forEach((token, index) => tokens.push({ ...token, isCached: index < part.cachedTokens }))
  }
  return { tokens, rows }
}

interface TokenRowProps {
  tokens: readonly ShownToken[]
  from: number
  to: number
  hits: readonly (readonly [from: number, to: number])[]
  hit: readonly [from: number, to: number] | null
  withIds: boolean
}

const TokenRow = memo(function TokenRow({ tokens, from, to, hits, hit, withIds }: TokenRowProps) {
  const near = hits.filter((other) => other[0] < to && other[1] > from)
  return (
    <div>
      {tokens.slice(from, to).map(({ id, text, isControl, isCached }, offset) => {
        const index = from + offset
        const isIn = (range: readonly [number, number] | null) => range && index >= range[0] && index < range[1]
        const marked = isIn(hit) ? 'current' : near.some(isIn) ? '' : undefined
        return (
          <span
            key={index}
            title={String(id)}
            className="token"
            data-odd={index % 2 === 1 ? '' : undefined}
            data-cached={isCached ? '' : undefined}
            data-control={isControl ? '' : undefined}
            data-hit={marked}
          >
            {shownToken(text)}
            {withIds && <small>{id}</small>}
          </span>
        )
      })}
    </div>
  )
})
