import { Copy, FolderTree, Import, Search } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoadState, Model, ModelSource } from '../../../shared/contract/models.ts'
import { Button } from '../../components/button.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { Select } from '../../components/select.tsx'
import { useModels } from '../../lib/models-store.ts'
import { changeFilter, noFilter, openImport, useLibrary } from './library-store.ts'
import { duplicatesByHash, filterModels, sortModels } from './list-models.ts'
import { ModelTable } from './model-table.tsx'

const noLoads: Readonly<Record<string, LoadState>> = {}
const noModels: ReadonlyMap<string, Model> = new Map()

/** The table with what narrows it down above it. */
export function ModelList({ onDiscover }: { onDiscover: () => void }) {
  const { i18n } = useTranslation()
  const known = useModels((state) => state.models !== null)
  // Deferred, so that typing and a scan that finds thousands of files never hold the window up.
  const models = useDeferredValue(useModels((state) => state.models) ?? noModels)
  const filter = useDeferredValue(useLibrary((state) => state.filter))
  const sort = useLibrary((state) => state.sort)
  const loads = useModels((state) => (sort.column === 'state' ? state.loads : noLoads))

  const duplicates = useMemo(() => duplicatesByHash(models.values()), [models])
  const filtered = useMemo(() => filterModels(models.values(), filter, duplicates), [models, filter, duplicates])
  const listed = useMemo(
    () => sortModels([...filtered], sort, loads, i18n.language, filter.duplicatesOnly),
    [filtered, sort, loads, i18n.language, filter.duplicatesOnly],
  )
  if (!known) return null
  return (
    <main className="relative flex min-w-0 flex-1 flex-col overflow-x-hidden overflow-y-auto">
      <Toolbar models={models} duplicates={duplicates} shown={listed.length} />
      {listed.length > 0 ? (
        <ModelTable
          key={`${filter.text} ${filter.type} ${filter.source} ${filter.duplicatesOnly}`}
          models={listed}
          duplicates={duplicates}
        />
      ) : (
        <Nothing models={models} isAdapters={filter.type === 'adapter'} onDiscover={onDiscover} />
      )}
      {listed.length > 0 && listed.length === models.size && listed.every(({ source }) => source === 'bundled') && (
        <Beginning onDiscover={onDiscover} />
      )}
    </main>
  )
}

interface ToolbarProps {
  models: ReadonlyMap<string, Model>
  duplicates: ReadonlyMap<string, Model[]>
  shown: number
}

function Toolbar({ models, duplicates, shown }: ToolbarProps) {
  const { t } = useTranslation()
  const filter = useLibrary((state) => state.filter)
  const foldersOpen = useLibrary((state) => state.foldersOpen)
  const sources = useMemo(() => [...new Set([...models.values()].map(({ source }) => source))], [models])
  const duplicateCount = useMemo(
    () => [...duplicates.values()].reduce((count, same) => count + same.length - 1, 0),
    [duplicates],
  )
  const isWhole = shown === models.size
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <label className="relative min-w-40 flex-1 sm:max-w-72">
        <Search
          aria-hidden
          className="pointer-events-none absolute start-2.5 top-2 size-4 text-secondary"
          strokeWidth={1.75}
        />
        <input
          aria-label={t('library.filter')}
          placeholder={t('library.filterExample')}
          value={filter.text}
          onChange={(event) => changeFilter({ text: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          className="h-8 w-full rounded-control border border-line bg-page ps-8 pe-2 outline-none focus:border-accent"
        />
      </label>
      <SegmentedField
        label={t('library.type')}
        value={filter.type}
        options={(['all', 'model', 'adapter'] as const).map((value) => ({ value, label: t(`library.types.${value}`) }))}
        onValueChange={(type) => changeFilter({ type })}
      />
      <Select
        label={t('library.source')}
        value={filter.source}
        options={(['all', ...sources] as ('all' | ModelSource)[]).map((value) => ({
          value,
          label: t(`library.sources.${value}`),
        }))}
        onValueChange={(source) => changeFilter({ source })}
      />
      {(duplicateCount > 0 || filter.duplicatesOnly) && (
        <Button
          aria-pressed={filter.duplicatesOnly}
          title={t('library.duplicatesHint')}
          className="aria-pressed:bg-chosen"
          onClick={() => changeFilter({ duplicatesOnly: !filter.duplicatesOnly })}
        >
          <Copy aria-hidden className="size-4 text-secondary" strokeWidth={1.75} />
          {t('library.duplicates', { count: duplicateCount })}
        </Button>
      )}
      <span role="status" className="text-small whitespace-nowrap text-secondary">
        {isWhole
          ? t('library.shown', { count: models.size })
          : t('library.shownOf', { count: models.size, shown })}
      </span>
      <div className="ms-auto flex gap-2">
        <Button
          aria-pressed={foldersOpen}
          className="aria-pressed:bg-chosen"
          onClick={() => useLibrary.setState({ foldersOpen: !foldersOpen })}
        >
          <FolderTree aria-hidden className="size-4 text-secondary" strokeWidth={1.75} />
          {t('library.folders')}
        </Button>
        <Button look="primary" onClick={() => openImport('file')}>
          <Import aria-hidden className="size-4" strokeWidth={1.75} />
          {t('library.import')}
        </Button>
      </div>
    </div>
  )
}

interface NothingProps {
  models: ReadonlyMap<string, Model>
  isAdapters: boolean
  onDiscover: () => void
}

/** Says what would be here, and has the one button that fills it. */
function Nothing({ models, isAdapters, onDiscover }: NothingProps) {
  const { t } = useTranslation()
  const hasAdapters = [...models.values()].some(({ type }) => type === 'adapter')
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-center">
      {models.size === 0 ? (
        <Beginning onDiscover={onDiscover} />
      ) : isAdapters && !hasAdapters ? (
        <>
          <p className="max-w-100 text-secondary">{t('library.noAdapters')}</p>
          <Button onClick={() => openImport('file')}>{t('library.import')}</Button>
        </>
      ) : (
        <>
          <p className="text-secondary">{t('library.nothingFound')}</p>
          <Button onClick={() => changeFilter(noFilter)}>{t('library.resetFilter')}</Button>
        </>
      )}
    </div>
  )
}

/** As long as there is no model but the one that ships with the app. */
function Beginning({ onDiscover }: { onDiscover: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-1 flex-col items-center gap-4 p-6 text-center">
      <div className="flex max-w-100 flex-col gap-1">
        <p className="text-reading font-semibold">{t('library.emptyTitle')}</p>
        <p className="text-secondary">{t('library.emptyHint')}</p>
      </div>
      <Button look="primary" onClick={onDiscover}>
        {t('library.discover')}
      </Button>
    </div>
  )
}
