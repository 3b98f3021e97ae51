import { useTranslation } from 'react-i18next'
import type { Fit, Machine } from '../../../shared/contract/fit.ts'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { MemoryBar, MemoryFigures } from '../../components/memory-bar.tsx'
import { VerdictWord } from '../../components/verdict-word.tsx'
import { client } from '../../lib/client.ts'
import { memoryFor } from '../../lib/fit-memory.ts'
import { formatNumber, formatSize } from '../../lib/i18n/format.ts'
import { verdictWords } from '../../lib/verdict-words.ts'
import { FailureLine, PageSection } from './page-section.tsx'
import { useAnswer } from './use-answer.ts'

/** What the model takes of this machine's memory with its own load settings: estimated, and measured. */
export function ModelFit({ model, load }: { model: Model; load: LoadState }) {
  const { t } = useTranslation()
  const { answer, failure } = useAnswer(`${load.state} ${JSON.stringify(model.loadOverrides)}`, async (signal) => {
    const targets = [{ type: 'model' as const, modelId: model.id }]
    const [fits, machine] = await Promise.all([
      client.fit.estimate({ targets }, { signal }),
      client.fit.machine(undefined, { signal }),
    ])
    return { fit: fits[0], machine }
  })
  return (
    <PageSection title={t('library.fit')} actions={answer?.fit && <VerdictWord fit={answer.fit} />}>
      {failure && <FailureLine failure={failure} />}
      {!failure && !answer && <p className="text-secondary">{t('library.estimating')}</p>}
      {answer?.fit && <FitPicture fit={answer.fit} machine={answer.machine} load={load} />}
    </PageSection>
  )
}

interface FitPictureProps {
  fit: Fit
  machine: Machine
  load: LoadState
}

function FitPicture({ fit, machine, load }: FitPictureProps) {
  const { t } = useTranslation()
  if (fit.verdict === 'unknown') return <p className="text-secondary">{t('library.fitUnknown')}</p>
  const now = load.state === 'ready' ? load.runtime.memoryBytes : null
  const memory = memoryFor(fit, machine)
  // What this very model holds now is not in its own way.
  const freeBytes = Math.min(memory.totalBytes, memory.freeBytes + (now ?? 0))
  const sentences = [
    t('library.fitSummary', { tokens: formatNumber(fit.contextSize), needed: formatSize(fit.totalBytes) }),
    now !== null
      ? t('library.fitNow', { measured: formatSize(now) })
      : fit.measuredBytes !== null && t('library.fitMeasured', { measured: formatSize(fit.measuredBytes) }),
    fit.gpuLayers > 0 &&
      t('library.fitLayers', { layers: formatNumber(fit.gpuLayers), total: formatNumber(fit.totalLayers) }),
    fit.verdict !== 'too-large' &&
      fit.expectedTokensPerSecond !== null &&
      t('library.fitSpeed', { speed: formatNumber(fit.expectedTokensPerSecond, fit.expectedTokensPerSecond < 10 ? 1 : 0) }),
  ]
  return (
    <>
      <MemoryBar need={fit} memory={{ ...memory, freeBytes }} verdict={verdictWords(t, fit)} className="my-1" />
      <MemoryFigures need={fit} memory={{ ...memory, freeBytes }} />
      <ul className="text-secondary" data-selectable>
        {sentences.filter(Boolean).map((sentence) => (
          <li key={String(sentence)}>{sentence}</li>
        ))}
      </ul>
    </>
  )
}
