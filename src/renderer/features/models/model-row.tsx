import { Check, Ellipsis, FolderSearch, ListX, Power, SlidersHorizontal, TriangleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Fit } from '../../../shared/contract/fit.ts'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { VerdictWord } from '../../components/verdict-word.tsx'
import { useCapabilities } from '../../lib/capabilities-store.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatParameters, formatPercent, formatSize } from '../../lib/i18n/format.ts'
import { cancelLoad, hasFailed, removeModel, revealModel, showLoadDialog, unloadModel } from '../../lib/models-store.ts'

interface ModelRowProps {
  model: Model
  load: LoadState
  /** undefined while it is not known. */
  fit: Fit | undefined
  onChoose: (modelId: string) => void
}

/** One model of the picker's list: what it is, whether it is loaded, and what can be done with it. */
export function ModelRow({ model, load, fit, onChoose }: ModelRowProps) {
  const { t } = useTranslation()
  const canReveal = useCapabilities((state) => state.revealFile)
  const facts = [
    formatSize(model.sizeBytes),
    model.quantization,
    t('models.parameters', { count: model.parameterCount, shown: formatParameters(model.parameterCount) }),
  ]
  return (
    <li className="group relative flex items-center rounded-control hover:bg-hover">
      <button
        type="button"
        data-arrow-stop
        title={model.path}
        onClick={() => onChoose(model.id)}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-control py-1.5 ps-2.5 pe-1 text-start"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate">{model.name}</span>
          <span className="block truncate text-small text-secondary">{facts.join(' · ')}</span>
          {load.state === 'loading' && (
            <span className="mt-1 mb-0.5 block">
              <ProgressBar label={t('models.loading')} fraction={load.fraction} />
            </span>
          )}
          {hasFailed(load) && (
            <span className="block pt-0.5 text-small wrap-anywhere">{failureSentence(t, load.failure)}</span>
          )}
        </span>
        {load.state === 'unloaded' && fit ? <FitWord fit={fit} /> : <LoadWord load={load} />}
      </button>
      <div className="flex shrink-0 justify-end pe-1">
        {load.state === 'ready' && (
          <IconButton
            label={t('models.unloadName', { name: model.name })}
            icon={Power}
            onClick={() => void unloadModel(model.id)}
          />
        )}
        {load.state === 'loading' ? (
          <IconButton label={t('models.cancelLoad')} icon={X} onClick={() => void cancelLoad(model.id)} />
        ) : (
          <Menu
            trigger={
              <IconButton
                label={t('models.actionsOf', { name: model.name })}
                icon={Ellipsis}
                className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100
                  data-[state=open]:opacity-100"
              />
            }
          >
            <MenuItem icon={SlidersHorizontal} onSelect={() => showLoadDialog(model.id)}>
              {t('models.loadSettings')}
            </MenuItem>
            {canReveal && (
              <MenuItem icon={FolderSearch} onSelect={() => void revealModel(model.id)}>
                {t('models.reveal')}
              </MenuItem>
            )}
            <MenuItem icon={ListX} danger onSelect={() => void removeModel(model.id)}>
              {t('models.remove')}
            </MenuItem>
          </Menu>
        )}
      </div>
    </li>
  )
}

/** One word is enough here; the load settings tell the rest. */
function FitWord({ fit }: { fit: Fit }) {
  return (
    <span className="max-w-36 text-small text-secondary">
      <VerdictWord fit={fit} />
    </span>
  )
}

function LoadWord({ load }: { load: LoadState }) {
  const { t } = useTranslation()
  if (load.state === 'loading') {
    return <span className="text-small text-secondary">{formatPercent(load.fraction)}</span>
  }
  if (load.state === 'ready') {
    return (
      <span className="flex items-center gap-1 text-small">
        <Check aria-hidden className="size-4 text-success" strokeWidth={2} />
        {t('models.loaded')}
      </span>
    )
  }
  if (hasFailed(load)) {
    return (
      <span className="flex items-center gap-1 text-small">
        <TriangleAlert aria-hidden className="size-4 text-danger" strokeWidth={1.75} />
        {t('models.failed')}
      </span>
    )
  }
  return null
}
