/**
 * Every file of a model as a table, and under it what the chosen one needs and does. The recommended
 * row is named by a word, and chosen beforehand only if it fits; what does not fit can be had all the same.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SortHeader, useSort } from '../../components/sort-header.tsx'
import { useModels } from '../../lib/models-store.ts'
import { useDownloads } from './downloads-store.ts'
import { findDownload, findModel } from './file-identity.ts'
import { doesFit, fitKey, useFits } from './fits-store.ts'
import type { Variant } from './variant.ts'
import { VariantDetails } from './variant-details.tsx'
import { VariantRow } from './variant-row.tsx'

interface QuantizationPickerProps {
  variants: readonly Variant[]
  /** The name of the one to take on this machine; null if none is. */
  recommended: string | null
  /** The name of the one that was asked for, chosen beforehand whether it fits or not. */
  named?: string | null
  onLoad: (modelId: string) => void
}

export type PickerColumn = 'quantization' | 'size' | 'bits' | 'perplexity' | 'speed'

export function QuantizationPicker({ variants, recommended, named = null, onLoad }: QuantizationPickerProps) {
  const { t } = useTranslation()
  const { sort, sortBy, sorted } = useSort<PickerColumn>({ column: 'size', descending: false })
  const fits = useFits((state) => state.fits)
  const downloads = useDownloads((state) => state.downloads)
  const models = useModels((state) => state.models)
  const [chosen, setChosen] = useState<string | null>(null)

  const fitOf = ({ fitTarget }: Variant) => (fitTarget ? fits[fitKey(fitTarget)] : null)
  const downloadOf = ({ identity }: Variant) => findDownload(downloads, identity)
  const modelOf = (variant: Variant) => findModel(models, variant.identity, downloadOf(variant))
  const proposed = variants.find(({ name }) => name === (named ?? recommended))
  const proposedFits = named !== null || (proposed && doesFit(fitOf(proposed)))
  const chosenVariant = variants.find(({ name }) => name === chosen) ?? (proposedFits ? proposed : undefined)

  const showsPerplexity = variants.some(({ perplexity }) => perplexity !== null)
  const head = (column: PickerColumn, text: string, className = '') => (
    <SortHeader column={column} sort={sort} onSort={sortBy} isNumber={column !== 'quantization'} className={className}>
      {text}
    </SortHeader>
  )
  const rows = sorted(variants, (variant, column) => {
    if (column === 'size') return variant.sizeBytes
    if (column === 'bits') return variant.bitsPerWeight
    if (column === 'perplexity') return variant.perplexity
    if (column === 'speed') return fitOf(variant)?.expectedTokensPerSecond ?? null
    return variant.quantization
  })
  return (
    <div className="@container">
      <table className="w-full" aria-label={t('discover.choose')}>
        <thead className="sticky top-0 z-10 bg-page text-small text-secondary">
          <tr className="h-9 border-b border-line">
            <th className="w-7">
              <span className="sr-only">{t('discover.choose')}</span>
            </th>
            {head('quantization', t('quantizations.quantization'))}
            {head('size', t('quantizations.size'))}
            {head('bits', t('quantizations.bitsPerWeight'), '@max-[52rem]:hidden')}
            {showsPerplexity && head('perplexity', t('quantizations.perplexity'), '@max-[46rem]:hidden')}
            <th scope="col" className="px-2 text-start font-normal @max-[60rem]:hidden">
              {t('quantizations.quality')}
            </th>
            <th scope="col" className="px-2 text-start font-normal">
              {t('quantizations.fit')}
            </th>
            {head('speed', t('quantizations.speed'), '@max-[40rem]:hidden')}
            <th scope="col" className="px-2 text-start font-normal">
              {t('quantizations.state')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((variant) => (
            <VariantRow
              key={variant.name}
              variant={variant}
              fit={fitOf(variant)}
              download={downloadOf(variant)}
              isHere={modelOf(variant) !== null}
              showsPerplexity={showsPerplexity}
              isRecommended={variant.name === recommended}
              isChosen={variant === chosenVariant}
              onChoose={() => setChosen(variant.name)}
            />
          ))}
        </tbody>
      </table>
      {chosenVariant ? (
        <VariantDetails
          key={chosenVariant.name}
          variant={chosenVariant}
          fit={fitOf(chosenVariant)}
          download={downloadOf(chosenVariant)}
          model={modelOf(chosenVariant)}
          onLoad={onLoad}
        />
      ) : (
        <p className="border-t border-line py-3 text-secondary">{t('discover.chooseRow')}</p>
      )}
    </div>
  )
}
