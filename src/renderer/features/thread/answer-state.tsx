import { CircleSlash, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import type { RunPhase } from '../../../shared/contract/generation.ts'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatNumber, formatPercent } from '../../lib/i18n/format.ts'
import { loadModel, useModels } from '../../lib/models-store.ts'

/** What an answer is doing before its first word. */
export function AnswerPhase({ phase }: { phase: RunPhase | null }) {
  const { t } = useTranslation()
  if (phase?.phase === 'writing') return <p className="caret-line" />
  const [text, fraction] = describe()
  return (
    <div className="flex min-h-[1.7em] max-w-80 flex-col gap-1.5 pt-0.5 text-interface text-secondary">
      <p>{text}</p>
      {fraction !== null && <ProgressBar label={text} fraction={fraction} />}
    </div>
  )

  function describe(): [string, number | null] {
    if (phase?.phase === 'waiting') return [t('thread.waiting'), null]
    if (phase?.phase === 'loading') {
      return [t('thread.loading', { percent: formatPercent(phase.fraction) }), phase.fraction]
    }
    if (phase?.phase === 'summarising') return [t('prompt.summarising'), null]
    if (phase?.phase !== 'reading') return [t('thread.starting'), null]
    const { readTokens, totalTokens } = phase
    const counts = { read: formatNumber(readTokens), total: formatNumber(totalTokens) }
    return [t('thread.reading', counts), totalTokens > 0 ? readTokens / totalTokens : null]
  }
}

/** Why an answer ended before it was done, and what to do. */
export function AnswerTrouble({ message: { status, failure } }: { message: Message }) {
  const { t } = useTranslation()
  const interrupted = status === 'interrupted'
  if (!interrupted && !failure) return null
  const why = failure ? failureSentence(t, failure) : t('thread.interruptedHint')
  const Icon = interrupted ? CircleSlash : TriangleAlert
  return (
    <p role={failure ? 'alert' : undefined} className="mt-2 flex gap-2 text-interface">
      <Icon
        aria-hidden
        className={`mt-px size-4 shrink-0 ${interrupted ? 'text-warning' : 'text-danger'}`}
        strokeWidth={1.75}
      />
      <span className="min-w-0 wrap-anywhere">
        {interrupted ? t('thread.interrupted', { why }) : why}
        {failure?.code === 'NOT_ENOUGH_MEMORY' && <LoadAnyway path={String(failure.data.path)} />}
      </span>
    </p>
  )
}

/** The estimate refused the model; the person may know better. */
function LoadAnyway({ path }: { path: string }) {
  const { t } = useTranslation()
  const modelId = useModels(({ models }) => [...(models?.values() ?? [])].find((model) => model.path === path)?.id)
  if (!modelId) return null
  return (
    <button
      type="button"
      onClick={() => void loadModel(modelId, { force: true })}
      className="ms-2 rounded-small underline underline-offset-2 hover:text-accent"
    >
      {t('models.loadAnyway')}
    </button>
  )
}
