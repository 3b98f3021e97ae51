import { Search, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/icon-button.tsx'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { groupHits } from './group-hits.ts'
import { hitId, openHit, resultsId } from './search-results.tsx'
import { setQuery, useSearch } from './search-store.ts'

/** The focus stays in the field while the arrows go through what was found. */
export function SearchField() {
  const { t } = useTranslation()
  const { query, found, activeIndex, wantsFocus } = useSearch()
  const field = useRef<HTMLInputElement>(null)
  const hits = groupHits(found?.hits ?? []).flatMap((group) => group.hits)
  const active = hits[activeIndex]

  useEffect(() => {
    if (!wantsFocus) return
    field.current?.focus()
    field.current?.select()
    useSearch.setState({ wantsFocus: false })
  }, [wantsFocus])

  const keys = useTextInputKeys({
    // What is shown may belong to the letters before the last one.
    onSubmit: () => active && found?.query === query && openHit(active, query),
    onCancel: () => (query ? setQuery('', false) : field.current?.blur()),
  })
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || event.nativeEvent.isComposing || hits.length === 0) return keys.onKeyDown(event)
    event.preventDefault()
    const next = Math.max(0, Math.min(hits.length - 1, activeIndex + step))
    useSearch.setState({ activeIndex: next })
    document.getElementById(hitId(next))?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <div role="search" className="relative min-w-0 flex-1">
      <Search
        aria-hidden
        className="pointer-events-none absolute start-2 top-2 size-4 text-secondary"
        strokeWidth={1.75}
      />
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label={t('search.search')}
        placeholder={t('search.search')}
        aria-expanded={hits.length > 0}
        aria-controls={hits.length > 0 ? resultsId : undefined}
        aria-activedescendant={active ? hitId(activeIndex) : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        value={query}
        onChange={(event) => setQuery(event.target.value, (event.nativeEvent as InputEvent).isComposing)}
        onCompositionStart={keys.onCompositionStart}
        onCompositionEnd={(event) => {
          keys.onCompositionEnd()
          setQuery(event.currentTarget.value, false)
        }}
        onKeyDown={onKeyDown}
        className="h-8 w-full rounded-control border border-line bg-page ps-7.5 pe-2 outline-none focus:border-accent
          not-placeholder-shown:pe-7.5"
      />
      {query && (
        <IconButton
          label={t('search.clear')}
          icon={X}
          className="absolute end-0.5 top-0.5"
          onClick={() => {
            setQuery('', false)
            field.current?.focus()
          }}
        />
      )}
    </div>
  )
}
