import { useTranslation } from 'react-i18next'
import type { Draft } from '../../../shared/contract/load-settings.ts'
import type { Model } from '../../../shared/contract/models.ts'
import { defaultDraftLimits } from '../../../shared/lib/default-load-settings.ts'
import { NumberInput } from '../../components/number-input.tsx'
import { Select } from '../../components/select.tsx'
import { useModels } from '../../lib/models-store.ts'
import { Setting } from './setting.tsx'
import type { Overrides } from './use-overrides.ts'

const ranges = {
  minTokens: { min: 1, max: 16, step: 1 },
  maxTokens: { min: 1, max: 32, step: 1 },
  minConfidence: { min: 0, max: 1, step: 0.05 },
}

/** Who proposes the next tokens, for the model to check several at once. */
export function DraftSettings({ model, edit }: { model: Model; edit: Overrides }) {
  const { t } = useTranslation()
  const models = useModels((state) => state.models)
  const { settings, set, resetOf } = edit
  const { draft } = settings
  const compatible = [...(models?.values() ?? [])].filter((other) => canDraft(other, model))
  const missing = draft.type === 'model' && !compatible.some(({ id }) => id === draft.modelId)
  const options = [
    { value: 'none', label: t('loadSettings.draftNone') },
    { value: 'lookup', label: t('loadSettings.draftLookup') },
    ...compatible.map(({ id, name, quantization }) => ({ value: id, label: `${name} ${quantization}` })),
    ...(missing ? [{ value: draft.modelId, label: t('loadSettings.missing') }] : []),
  ]
  function choose(value: string) {
    const chosen: Draft =
      value === 'none' || value === 'lookup' ? { type: value } : { ...defaultDraftLimits, type: 'model', modelId: value }
    set('draft', chosen)
  }
  return (
    <Setting label={t('loadSettings.draft')} hint={t('loadSettings.draftHint')} onReset={resetOf('draft')}>
      <Select
        label={t('loadSettings.draft')}
        value={draft.type === 'model' ? draft.modelId : draft.type}
        options={options}
        onValueChange={choose}
        className="w-full"
      />
      {draft.type === 'model' && (
        <div className="flex flex-col gap-1 pt-2">
          {(Object.keys(ranges) as (keyof typeof ranges)[]).map((name) => (
            <div key={name} className="flex items-center gap-2">
              <span className="min-w-0 flex-1 text-secondary">{t(`loadSettings.${name}`)}</span>
              <NumberInput
                label={t(`loadSettings.${name}`)}
                value={draft[name]}
                {...ranges[name]}
                className="w-20"
                onValueChange={(value) => value !== null && set('draft', { ...draft, [name]: value })}
              />
            </div>
          ))}
        </div>
      )}
    </Setting>
  )
}

/** A smaller model with the very same vocabulary. */
function canDraft(other: Model, model: Model): boolean {
  return (
    other.type === 'model' &&
    other.id !== model.id &&
    other.isPresent &&
    other.vocabularyHash !== '' &&
    other.vocabularyHash === model.vocabularyHash &&
    other.sizeBytes < model.sizeBytes
  )
}
