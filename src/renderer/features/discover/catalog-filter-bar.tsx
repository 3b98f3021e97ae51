import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Select } from '../../components/select.tsx'
import { Switch } from '../../components/switch.tsx'
import { noFilters, useDiscover } from './discover-store.ts'
import type { CatalogFilters } from './discover-store.ts'

const families = [
  'all',
  'chinese-llama-alpaca-3',
  'chinese-llama-alpaca-2',
  'chinese-llama-alpaca',
  'llama3-chinese-chat',
  'reference',
] as const
const kinds = ['all', 'chat', 'base', 'lora', 'multimodal'] as const
const sizes = ['all', 'small', 'medium', 'large', 'huge'] as const
const contexts = ['all', '8', '16', '32', '64'] as const
const sources = ['all', 'hugging-face', 'modelscope'] as const

const change = (filters: Partial<CatalogFilters>) =>
  useDiscover.setState((state) => ({ filters: { ...state.filters, ...filters } }))

/** What of the catalog is listed, besides the text. */
export function CatalogFilterBar() {
  const { t } = useTranslation()
  const filters = useDiscover((state) => state.filters)
  const fittingId = useId()
  const isFiltered = Object.entries(noFilters).some(([name, value]) => filters[name as keyof CatalogFilters] !== value)
  return (
    <div role="group" aria-label={t('discover.filters')} className="flex flex-wrap items-center gap-2">
      <Select
        label={t('discover.family')}
        value={filters.family}
        options={families.map((value) => ({ value, label: t(`discover.families.${value}`) }))}
        onValueChange={(family) => change({ family })}
      />
      <Select
        label={t('discover.kind')}
        value={filters.kind}
        options={kinds.map((value) => ({ value, label: t(`discover.kinds.${value}`) }))}
        onValueChange={(kind) => change({ kind })}
      />
      <Select
        label={t('discover.size')}
        value={filters.size}
        options={sizes.map((value) => ({ value, label: t(`discover.sizes.${value}`) }))}
        onValueChange={(size) => change({ size })}
      />
      <Select
        label={t('discover.context')}
        value={filters.context}
        options={contexts.map((value) => ({ value, label: t(`discover.contexts.${value}`) }))}
        onValueChange={(context) => change({ context })}
      />
      <Select
        label={t('discover.source')}
        value={filters.source}
        options={sources.map((value) => ({ value, label: t(`discover.sources.${value}`) }))}
        onValueChange={(source) => change({ source })}
      />
      <span className="flex h-8 items-center gap-2 px-1">
        <Switch
          label={t('discover.onlyFitting')}
          id={fittingId}
          checked={filters.onlyFitting}
          onCheckedChange={(onlyFitting) => change({ onlyFitting })}
        />
        <label htmlFor={fittingId}>{t('discover.onlyFitting')}</label>
      </span>
      {isFiltered && (
        <Button look="quiet" onClick={() => change(noFilters)}>
          {t('discover.clearFilters')}
        </Button>
      )}
    </div>
  )
}
