import { Circle, CircleDashed, TriangleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/contract/models.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { backEndName } from '../../lib/back-end-name.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatPercent } from '../../lib/i18n/format.ts'
import { cancelLoad, hasFailed, loadModel, useModels } from '../../lib/models-store.ts'

/** Left of the picker: what is being loaded, else what the chat's model runs on. */
export function ModelState({ model }: { model: Model | null }) {
  const { t } = useTranslation()
  const models = useModels((state) => state.models)
  const loads = useModels((state) => state.loads)

  const [loadingId, loading] = Object.entries(loads).find(([, load]) => load.state === 'loading') ?? []
  if (loadingId && loading?.state === 'loading') {
    // A program loads models that are not on the list, and the first one is loaded before it is there.
    const name = models?.get(loadingId)?.name
    return (
      <span className="flex min-w-0 items-center gap-1.5 text-small text-secondary" role="status">
        <CircleDashed aria-hidden className="size-3 shrink-0 text-accent" strokeWidth={2.5} />
        <span className="truncate @max-[14rem]:sr-only">
          {name === undefined ? t('models.loading') : t('models.loadingName', { name })}
        </span>
        {/* Not read out: it would never stop. */}
        <span aria-hidden className="shrink-0">
          {formatPercent(loading.fraction)}
        </span>
        <IconButton
          label={t('models.cancelLoad')}
          icon={X}
          className="window-drag-none -ms-1"
          onClick={() => void cancelLoad(loadingId)}
        />
      </span>
    )
  }

  const load = model && loads[model.id]
  if (load?.state === 'ready') {
    const { gpu, threads, deviceNames } = load.runtime
    const runsOn = [backEndName(gpu), gpu === 'cpu' ? t('models.threads', { count: threads }) : deviceNames[0]]
    const words = runsOn.filter(Boolean).join(' · ')
    return (
      <span className="flex min-w-0 items-center gap-1.5 text-small text-secondary" title={words}>
        <Circle aria-hidden className="size-2 shrink-0 fill-success text-success" />
        <span className="truncate @max-[8rem]:sr-only">{words}</span>
      </span>
    )
  }
  if (!model) return null
  const failed = load && hasFailed(load)
  return (
    <button
      type="button"
      title={failed ? failureSentence(t, load.failure) : undefined}
      onClick={() => void loadModel(model.id)}
      className="window-drag-none flex h-7 min-w-0 items-center gap-1.5 rounded-small px-1.5 text-small text-secondary
        hover:bg-hover hover:text-text"
    >
      {failed ? (
        <TriangleAlert aria-hidden className="size-3.5 shrink-0 text-danger" strokeWidth={1.75} />
      ) : (
        <Circle aria-hidden className="size-2 shrink-0" strokeWidth={2.5} />
      )}
      <span className="truncate">{failed ? t('models.failedLoadAgain') : t('models.load')}</span>
    </button>
  )
}
