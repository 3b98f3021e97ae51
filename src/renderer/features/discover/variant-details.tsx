import { Download as Arrow, Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Download } from '../../../shared/contract/downloads.ts'
import type { Fit } from '../../../shared/contract/fit.ts'
import type { Model } from '../../../shared/contract/models.ts'
import { Button } from '../../components/button.tsx'
import { MemoryBar, MemoryFigures } from '../../components/memory-bar.tsx'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import { memoryFor } from '../../lib/fit-memory.ts'
import { formatNumber, formatSize } from '../../lib/i18n/format.ts'
import { verdictWords } from '../../lib/verdict-words.ts'
import { DownloadProgress } from './download-progress.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { useFits } from './fits-store.ts'
import { PauseOrResume } from './pause-or-resume.tsx'
import type { Variant } from './variant.ts'

interface VariantDetailsProps {
  variant: Variant
  fit: Fit | null | undefined
  download: Download | null
  /** The same file on this machine. */
  model: Model | null
  onLoad: (modelId: string) => void
}

/** Below the table: what the chosen file needs, and the one button for it. */
export function VariantDetails({ variant, fit, download, model, onLoad }: VariantDetailsProps) {
  const { t } = useTranslation()
  const [isStarting, setStarting] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const isUnderWay = !model && download && download.state !== 'complete'

  async function start() {
    setStarting(true)
    setFailure(null)
    await variant.start().catch((error: unknown) => setFailure(failureOf(error)))
    setStarting(false)
  }

  return (
    <section
      aria-label={variant.name}
      className="bottom-0 flex flex-col gap-2 border-t border-line bg-page py-3 [@media(min-height:44rem)]:sticky"
    >
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="flex min-w-60 flex-1 flex-col gap-1.5">
          <h3 className="font-semibold wrap-anywhere" data-selectable>
            {variant.name}
          </h3>
          {variant.note && <p className="text-small text-secondary">{variant.note}</p>}
          {fit && <Need fit={fit} />}
        </div>
        {model?.type === 'adapter' ? (
          <span className="leading-8">{t('discover.here')}</span>
        ) : model ? (
          <Button look="primary" onClick={() => onLoad(model.id)}>
            <Play aria-hidden className="size-4" strokeWidth={1.75} />
            {t('downloads.load')}
          </Button>
        ) : isUnderWay ? (
          <PauseOrResume download={download} />
        ) : (
          <Button
            look={fit?.verdict === 'too-large' ? 'plain' : 'primary'}
            disabled={isStarting}
            onClick={() => void start()}
          >
            <Arrow aria-hidden className="size-4" strokeWidth={1.75} />
            {t(fit?.verdict === 'too-large' ? 'discover.downloadAnyway' : 'discover.download', {
              size: formatSize(variant.sizeBytes),
            })}
          </Button>
        )}
      </div>
      {isUnderWay && <DownloadProgress download={download} />}
      {failure && <FailureNotice failure={failure} onRetry={() => void start()} />}
    </section>
  )
}

function Need({ fit }: { fit: Fit }) {
  const { t } = useTranslation()
  const machine = useFits((state) => state.machine)
  if (fit.verdict === 'unknown') return <p className="text-secondary">{verdictWords(t, fit)}</p>
  const speed = fit.expectedTokensPerSecond
  const words = [
    t('discover.needs', {
      verdict: verdictWords(t, fit),
      size: formatSize(fit.totalBytes),
      tokens: formatNumber(fit.contextSize),
    }),
    fit.measuredBytes !== null && t('discover.measured', { size: formatSize(fit.measuredBytes) }),
    speed !== null && t('discover.expectedSpeed', { speed: formatNumber(speed, speed < 10 ? 1 : 0) }),
  ]
  return (
    <>
      <p data-selectable>{words.filter(Boolean).join(' · ')}</p>
      {machine && (
        <>
          <MemoryBar need={fit} memory={memoryFor(fit, machine)} verdict={verdictWords(t, fit)} className="max-w-120" />
          <MemoryFigures need={fit} memory={memoryFor(fit, machine)} />
        </>
      )}
    </>
  )
}
