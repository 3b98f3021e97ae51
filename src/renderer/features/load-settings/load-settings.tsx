/**
 * How one model is loaded. Every change is kept at once as the model's own default, and counts when
 * it is loaded next; what the loaded one runs with differently is said, with a button to load it anew.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { Button } from '../../components/button.tsx'
import { MemoryBar, MemoryFigures } from '../../components/memory-bar.tsx'
import { VerdictWord } from '../../components/verdict-word.tsx'
import { memoryFor } from '../../lib/fit-memory.ts'
import { formatSize } from '../../lib/i18n/format.ts'
import { loadModel } from '../../lib/models-store.ts'
import { verdictWords } from '../../lib/verdict-words.ts'
import { AdapterSettings } from './adapter-settings.tsx'
import { ContextSettings } from './context-settings.tsx'
import { DraftSettings } from './draft-settings.tsx'
import { MemorySettings } from './memory-settings.tsx'
import { TemplateSettings } from './template-settings.tsx'
import { useFit } from './use-fit.ts'
import { isSame, useOverrides } from './use-overrides.ts'
import type { Overrides } from './use-overrides.ts'

interface LoadSettingsProps {
  model: Model
  load: LoadState
}

export default function LoadSettings(props: LoadSettingsProps) {
  return <Editor key={props.model.id} {...props} />
}

function Editor({ model, load }: LoadSettingsProps) {
  const { t } = useTranslation()
  const edit = useOverrides(model.id, model.loadOverrides)
  const [more, setMore] = useState(false)
  return (
    <div className="flex flex-col gap-4">
      <FitPreview model={model} edit={edit} />
      <ContextSettings model={model} edit={edit} />
      <button
        type="button"
        aria-expanded={more}
        onClick={() => setMore(!more)}
        className="self-start rounded-small text-secondary underline-offset-2 hover:text-text hover:underline"
      >
        {t(more ? 'loadSettings.fewer' : 'loadSettings.more')}
      </button>
      {more && (
        <>
          <MemorySettings edit={edit} />
          <TemplateSettings model={model} edit={edit} />
          <AdapterSettings model={model} edit={edit} />
          <DraftSettings model={model} edit={edit} />
        </>
      )}
      <Apply model={model} load={load} edit={edit} />
    </div>
  )
}

function FitPreview({ model, edit }: { model: Model; edit: Overrides }) {
  const { t } = useTranslation()
  const known = useFit(model.id, edit.overrides)
  if (!known) return null
  const { fit, machine } = known
  const memory = memoryFor(fit, machine)
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <VerdictWord fit={fit} />
        {fit.verdict !== 'unknown' && (
          <span className="text-small text-secondary">
            {fit.measuredBytes === null
              ? t('loadSettings.estimated', { size: formatSize(fit.totalBytes) })
              : t('loadSettings.estimatedAndMeasured', {
                  size: formatSize(fit.totalBytes),
                  measured: formatSize(fit.measuredBytes),
                })}
          </span>
        )}
      </div>
      {fit.verdict !== 'unknown' && (
        <>
          <MemoryBar need={fit} memory={memory} verdict={verdictWords(t, fit)} />
          <MemoryFigures need={fit} memory={memory} />
        </>
      )}
    </div>
  )
}

/** What is to be done so that the settings count. */
function Apply({ model, load, edit }: LoadSettingsProps & { edit: Overrides }) {
  const { t } = useTranslation()
  const isLoaded = load.state === 'ready'
  const differs = isLoaded && !isSame(load.loadOverrides, edit.overrides)
  const hasOverrides = Object.keys(edit.overrides).length > 0
  async function loadAgain() {
    await edit.save()
    await loadModel(model.id, { reload: true })
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      {differs && <p className="w-full text-small">{t('loadSettings.notYet')}</p>}
      {(differs || !isLoaded) && (
        <Button
          look={differs ? 'primary' : undefined}
          disabled={load.state === 'loading'}
          onClick={() => void loadAgain().catch(() => {})}
        >
          {t(isLoaded ? 'loadSettings.reload' : 'loadSettings.load')}
        </Button>
      )}
      {hasOverrides && <Button onClick={edit.resetAll}>{t('loadSettings.resetAll')}</Button>}
    </div>
  )
}
