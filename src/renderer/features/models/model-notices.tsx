import { FileDown, TriangleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatPercent } from '../../lib/i18n/format.ts'
import { clearProblems, loadModel, useModels } from '../../lib/models-store.ts'
import { useFileDrop } from './file-drop.ts'
import { useIncomingFiles } from './incoming-files.ts'

/** What models have to say over the whole window: where to drop, what is coming in, what went wrong. */
export function ModelNotices() {
  return (
    <>
      <IncomingFiles />
      <Problems />
      <DropOverlay />
    </>
  )
}

function DropOverlay() {
  const { t } = useTranslation()
  const over = useFileDrop((state) => state.over)
  if (!over) return null
  return (
    <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-veil p-6">
      <div
        className="flex animate-appear flex-col items-center gap-2 rounded-surface border border-accent bg-float px-10
          py-8 text-center shadow-float"
      >
        <FileDown aria-hidden className="size-6 text-accent" strokeWidth={1.5} />
        <p className="text-reading font-semibold">{t('models.dropTitle')}</p>
        <p className="text-secondary">{t('models.dropHint')}</p>
      </div>
    </div>
  )
}

function IncomingFiles() {
  const { t } = useTranslation()
  const files = useIncomingFiles((state) => state.files)
  if (files.length === 0) return null
  return (
    <ul
      aria-label={t('models.incoming')}
      className="fixed end-4 bottom-4 z-30 flex w-80 max-w-[calc(100vw-2rem)] animate-appear flex-col gap-1
        rounded-surface border border-line bg-float p-2 shadow-float"
    >
      {files.map(({ id, name, fraction, cancel }) => (
        <li key={id} className="flex items-center gap-2 ps-2">
          <div className="min-w-0 flex-1 py-1">
            <div className="flex gap-2 pb-1">
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <span className="shrink-0 text-small leading-5 text-secondary">
                {fraction === null || fraction === 1 ? t('models.looking') : formatPercent(fraction)}
              </span>
            </div>
            <ProgressBar label={name} fraction={fraction ?? 0} />
          </div>
          <IconButton label={t('common.cancel')} icon={X} side="top" onClick={cancel} />
        </li>
      ))}
    </ul>
  )
}

function Problems() {
  const { t } = useTranslation()
  const problems = useModels((state) => state.problems)
  const [first] = problems
  const tight = problems.length === 1 && first?.failure.code === 'NOT_ENOUGH_MEMORY' ? first.modelId : undefined
  const title = problems.some(({ modelId }) => modelId) ? t('models.loadProblem') : t('models.addProblem')
  return (
    <Dialog
      open={problems.length > 0}
      onClose={clearProblems}
      title={title}
      footer={
        <>
          {tight && (
            <Button
              onClick={() => {
                clearProblems()
                void loadModel(tight, { force: true })
              }}
            >
              {t('models.loadAnyway')}
            </Button>
          )}
          <Button look="primary" onClick={clearProblems}>
            {t('common.close')}
          </Button>
        </>
      }
    >
      <ul className="flex flex-col gap-3">
        {problems.map(({ failure }, index) => (
          <li key={index} className="flex gap-2.5">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" strokeWidth={1.75} />
            <p className="min-w-0 flex-1 wrap-anywhere">{failureSentence(t, failure)}</p>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
