import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Download } from '../../../shared/contract/downloads.ts'
import type { Fit } from '../../../shared/contract/fit.ts'
import { MemoryBar } from '../../components/memory-bar.tsx'
import { VerdictWord } from '../../components/verdict-word.tsx'
import { memoryFor } from '../../lib/fit-memory.ts'
import { formatFigure } from '../../lib/i18n/format.ts'
import { verdictWords } from '../../lib/verdict-words.ts'
import { DownloadWord } from './download-progress.tsx'
import { useFits } from './fits-store.ts'
import { qualityOf } from './quality.ts'
import type { Variant } from './variant.ts'

interface VariantRowProps {
  variant: Variant
  /** undefined while it is estimated, null where nothing is to be estimated. */
  fit: Fit | null | undefined
  download: Download | null
  isHere: boolean
  isRecommended: boolean
  showsPerplexity: boolean
  isChosen: boolean
  onChoose: () => void
}

/** A figure of a column whose head has the unit; a dash where nothing was published. */
function figure(value: number | null, digits: number): string {
  return value === null ? '–' : formatFigure(value, digits)
}

export function VariantRow(props: VariantRowProps) {
  const { variant, fit, download, isHere, isRecommended, showsPerplexity, isChosen, onChoose } = props
  const { t } = useTranslation()
  const quality = variant.fitTarget && qualityOf(variant.quantization)
  const speed = fit?.expectedTokensPerSecond ?? null
  return (
    <tr
      onClick={onChoose}
      title={variant.note ?? variant.name}
      className={`h-9 border-b border-line ${isChosen ? 'bg-chosen' : 'hover:bg-hover'}`}
    >
      <td className="ps-2 text-center">
        <input
          type="radio"
          name="variant"
          checked={isChosen}
          onChange={onChoose}
          aria-label={variant.name}
          className="block size-3.5"
        />
      </td>
      <td className="px-2">
        <span className="flex items-center gap-x-2 whitespace-nowrap @max-[36rem]:flex-wrap">
          <span className={isRecommended ? 'font-semibold' : ''}>{variant.quantization || variant.name}</span>
          {variant.isImatrix && (
            <span className="text-small text-secondary" title={t('quantizations.imatrixExplained')}>
              {t('quantizations.imatrix')}
            </span>
          )}
          {isRecommended && (
            <span className={`text-small ${isChosen ? '' : 'text-accent'}`}>{t('quantizations.recommended')}</span>
          )}
        </span>
      </td>
      <td className="px-2 text-end">{figure(variant.sizeBytes / 1e9, 2)}</td>
      <td className="px-2 text-end @max-[52rem]:hidden">{figure(variant.bitsPerWeight, 2)}</td>
      {showsPerplexity && (
        <td className="px-2 text-end @max-[46rem]:hidden">{figure(variant.perplexity, 3)}</td>
      )}
      <td className="px-2 whitespace-nowrap @max-[60rem]:hidden">{quality && t(`quantizations.hints.${quality}`)}</td>
      <td className="px-2">
        {fit === null && variant.fitTarget === null && <span className="text-secondary">{variant.note}</span>}
        {fit === undefined && <span className="text-secondary">{t('discover.estimating')}</span>}
        {fit && <FitCell fit={fit} />}
      </td>
      <td className="px-2 text-end @max-[40rem]:hidden" title={t('quantizations.speedEstimated')}>
        {speed === null ? '–' : `≈ ${formatFigure(speed, speed < 10 ? 1 : 0)}`}
      </td>
      <td className="px-2">
        {isHere ? (
          <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
            <CircleCheck aria-hidden className="size-4 shrink-0 text-success" strokeWidth={1.75} />
            {t('discover.here')}
          </span>
        ) : (
          download && download.state !== 'complete' && <DownloadWord download={download} />
        )}
      </td>
    </tr>
  )
}

/** The verdict, with a small bar against the memory of this machine. */
function FitCell({ fit }: { fit: Fit }) {
  const { t } = useTranslation()
  const machine = useFits((state) => state.machine)
  return (
    <span className="flex items-center gap-2.5 whitespace-nowrap">
      {machine && fit.verdict !== 'unknown' && (
        <MemoryBar
          need={fit}
          memory={memoryFor(fit, machine)}
          verdict={verdictWords(t, fit)}
          className="w-16 shrink-0 @max-[34rem]:hidden"
        />
      )}
      <VerdictWord fit={fit} />
    </span>
  )
}
