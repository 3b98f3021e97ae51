import { Search } from 'lucide-react'
import { Activity, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { CatalogList } from './catalog-list.tsx'
import { loadCatalog, useCatalog } from './catalog-store.ts'
import { openRepository, useDiscover } from './discover-store.ts'
import { EntryPage } from './entry-page.tsx'
import { HubResults } from './hub-results.tsx'
import { searchHub, useHubSearch } from './hub-search-store.ts'
import { RepositoryPage } from './repository-page.tsx'

interface DiscoverPageProps {
  /** Loads a model that is here and goes to the chat with it. */
  onLoad: (modelId: string) => void
}

const tabs = ['catalog', 'hub'] as const

/** `publisher/repository` with what may follow, or an address: to be opened, not to be searched for. */
function isReference(text: string): boolean {
  return /^https?:\/\/\S+$|^[\w.-]+\/[^\s/]\S*$/.test(text.trim())
}

/** Where models are found: the catalog, the hubs, and the page of the one that was opened. */
export default function DiscoverPage({ onLoad }: DiscoverPageProps) {
  const entries = useCatalog((state) => state.entries)
  const { tab, opened } = useDiscover()
  useEffect(() => void loadCatalog(), [])

  const list = useRef<HTMLDivElement>(null)
  const shown = useRef(opened)
  useEffect(() => {
    // Back in the list, the focus is where it was left.
    const left = shown.current
    shown.current = opened
    if (opened === null && left?.type === 'entry') {
      list.current?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(left.entryId)}"]`)?.focus()
    }
  }, [opened])

  const entry = opened?.type === 'entry' ? entries?.find(({ id }) => id === opened.entryId) : undefined
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <Activity mode={opened ? 'hidden' : 'visible'}>
        <div ref={list} className="flex min-h-0 flex-1 flex-col">
          <SearchBar />
          <div className="min-h-0 flex-1 overflow-y-auto">
            <div className="mx-auto max-w-280 px-6 pt-3 pb-10">{tab === 'catalog' ? <CatalogList /> : <HubResults />}</div>
          </div>
        </div>
      </Activity>
      {entry && <EntryPage key={entry.id} entry={entry} onLoad={onLoad} />}
      {opened?.type === 'repository' && (
        <RepositoryPage key={opened.reference} opened={opened} onLoad={onLoad} />
      )}
    </main>
  )
}

/** One field for both: it filters the catalog at once, and asks a hub on Enter. */
function SearchBar() {
  const { t } = useTranslation()
  const id = useId()
  const { text, tab } = useDiscover()
  const sort = useHubSearch((state) => state.sort)
  const reference = isReference(text)

  function submit() {
    if (!text.trim()) return
    if (reference) return openRepository(text)
    useDiscover.setState({ tab: 'hub' })
    searchHub(text, sort)
  }
  const keys = useTextInputKeys({ onSubmit: submit, onCancel: () => useDiscover.setState({ text: '' }) })
  return (
    <search className="mx-auto flex w-full max-w-280 flex-wrap items-center gap-2 px-6 pt-4 pb-1">
      <div className="relative min-w-60 flex-1">
        <Search
          aria-hidden
          className="pointer-events-none absolute start-2.5 top-2 size-4 text-secondary"
          strokeWidth={1.75}
        />
        <input
          id={id}
          type="search"
          aria-label={t('discover.search')}
          placeholder={t('discover.search')}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => useDiscover.setState({ text: event.target.value })}
          className="h-8 w-full rounded-control border border-line bg-page ps-8 pe-2.5 outline-none focus:border-accent
            [&::-webkit-search-cancel-button]:appearance-none"
          {...keys}
        />
      </div>
      <Button onClick={submit} disabled={!text.trim()}>
        {t(reference ? 'discover.open' : 'discover.searchHub')}
      </Button>
      <SegmentedField
        label={t('discover.where')}
        value={tab}
        options={tabs.map((value) => ({ value, label: t(`discover.tabs.${value}`) }))}
        onValueChange={(tab) => useDiscover.setState({ tab })}
      />
    </search>
  )
}
