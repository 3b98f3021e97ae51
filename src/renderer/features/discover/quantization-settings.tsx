import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { QuantizationTable } from '../../../shared/contract/catalog.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { OutsideLink } from '../../components/outside-link.tsx'
import { Select } from '../../components/select.tsx'
import { SettingsRow, SettingsSection } from '../../components/settings-section.tsx'
import { SortHeader, useSort } from '../../components/sort-header.tsx'
import { Switch } from '../../components/switch.tsx'
import { client } from '../../lib/client.ts'
import { formatFigure } from '../../lib/i18n/format.ts'
import { updateSettings, useSettings } from '../../lib/settings-store.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { QuantizationPlot } from './quantization-plot.tsx'

const levels: Settings['quantization'][] = [
  'automatic',
  'Q2_K',
  'Q3_K_M',
  'Q4_0',
  'Q4_K_M',
  'Q5_K_M',
  'Q6_K',
  'Q8_0',
  'F16',
]

/** What to recommend of a model's files, and what there is to know for choosing. */
export default function QuantizationSettings() {
  const { t } = useTranslation()
  const settings = useSettings((state) => state.settings)
  const [table, setTable] = useState<QuantizationTable | null>(null)
  useEffect(() => {
    client.catalog.quantizations().then(setTable, showFailure)
  }, [])
  if (!settings) return null
  return (
    <SettingsSection title={t('quantizations.title')}>
      <SettingsRow label={t('quantizations.level')} hint={t('quantizations.levelHint')}>
        <Select
          label={t('quantizations.level')}
          value={settings.quantization}
          options={levels.map((value) => ({
            value,
            label: value === 'automatic' ? t('quantizations.automatic') : value,
          }))}
          onValueChange={(quantization) => void updateSettings({ quantization })}
        />
      </SettingsRow>
      <SettingsRow label={t('quantizations.preferImatrix')} hint={t('quantizations.imatrixExplained')}>
        <Switch
          label={t('quantizations.preferImatrix')}
          checked={settings.preferImatrix}
          onCheckedChange={(preferImatrix) => void updateSettings({ preferImatrix })}
        />
      </SettingsRow>
      {table && <Published table={table} />}
    </SettingsSection>
  )
}

type Column = keyof QuantizationTable['rows'][number]

function Published({ table }: { table: QuantizationTable }) {
  const { t } = useTranslation()
  const { sort, sortBy, sorted } = useSort<Column>({ column: 'sizeBytes', descending: false })
  const head = (column: Column, words: string, className = '') => (
    <SortHeader
      column={column}
      sort={sort}
      onSort={sortBy}
      isNumber={column !== 'quantization'}
      className={className}
    >
      {words}
    </SortHeader>
  )
  return (
    <div className="@container flex flex-col gap-3 py-3">
      <QuantizationPlot table={table} recommended={generallyRecommended} />
      <table className="w-full" aria-label={t('quantizations.published', { model: table.model })}>
        <thead className="text-small text-secondary">
          <tr className="h-9">
            {head('quantization', t('quantizations.quantization'))}
            {head('sizeBytes', t('quantizations.size'))}
            {head('bitsPerWeight', t('quantizations.bitsPerWeight'), '@max-[34rem]:hidden')}
            {head('perplexity', t('quantizations.perplexity'))}
            {head('promptMsPerToken', t('quantizations.promptSpeed'), '@max-[40rem]:hidden')}
            {head('answerMsPerToken', t('quantizations.answerSpeed'))}
          </tr>
        </thead>
        <tbody data-selectable>
          {sorted(table.rows, (row, column) => row[column]).map((row) => (
            <tr key={row.quantization} className="h-9 border-t border-line">
              <td className="px-2">
                <span className="flex items-center gap-x-2 whitespace-nowrap">
                  {row.quantization}
                  {row.quantization === generallyRecommended && (
                    <span className="text-small text-accent">{t('quantizations.recommended')}</span>
                  )}
                </span>
              </td>
              <td className="px-2 text-end">{formatFigure(row.sizeBytes / 1e9, 2)}</td>
              <td className="px-2 text-end @max-[34rem]:hidden">{formatFigure(row.bitsPerWeight, 2)}</td>
              <td className="px-2 text-end">{formatFigure(row.perplexity, 3)}</td>
              <td className="px-2 text-end @max-[40rem]:hidden">{formatFigure(row.promptMsPerToken, 1)}</td>
              <td className="px-2 text-end">{formatFigure(row.answerMsPerToken, 1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-small text-secondary wrap-anywhere" data-selectable>
        {t('quantizations.published', { model: table.model })} · {t('quantizations.perplexityHint')}{' '}
        {t('quantizations.publishedOn', { machine: table.machine })} {t('quantizations.sourceLink')}:{' '}
        <OutsideLink href={table.source} className="text-accent hover:underline">
          {table.source}
        </OutsideLink>
      </p>
    </div>
  )
}

/** What the project advises for a machine with memory to spare; below it the loss begins to show. */
const generallyRecommended = 'Q6_K'
