import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Preset } from '../../../shared/contract/presets.ts'
import { samplingNumberNames, samplingRanges } from '../../../shared/lib/sampling.ts'
import type { SamplingNumberName, SamplingOverrides } from '../../../shared/lib/sampling.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { NumberInput } from '../../components/number-input.tsx'
import { Select } from '../../components/select.tsx'
import { useModels } from '../../lib/models-store.ts'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { useThreadHost } from './thread-host.ts'

/** null and what is missing are as in the chat. */
export interface VariantDraft {
  modelId: string | null
  presetId: string | null
  systemPrompt: string | null
  sampling: SamplingOverrides
}

/** In sight; the others are behind one click. */
const mainNames: SamplingNumberName[] = ['temperature', 'topP', 'seed', 'maxTokens']
const otherNames = samplingNumberNames.filter((name) => !mainNames.includes(name))

interface VariantFormProps {
  number: number
  draft: VariantDraft
  presets: readonly Preset[]
  onChange: (draft: VariantDraft) => void
  onRemove: (() => void) | undefined
}

/** With what one of the answers is made. */
export function VariantForm({ number, draft, presets, onChange, onRemove }: VariantFormProps) {
  const { t } = useTranslation()
  const chatModel = useThreadHost(({ host }) => host?.model?.name) ?? ''
  const models = useModels((state) => state.models)
  const keys = useTextInputKeys({})
  const label = t('compare.variant', { number })
  const usable = [...(models?.values() ?? [])].filter(({ type, isPresent }) => type === 'model' && isPresent)

  function set(name: SamplingNumberName, value: number | null) {
    const { [name]: _, ...others } = draft.sampling
    onChange({ ...draft, sampling: value === null ? others : { ...others, [name]: value } })
  }
  const fields = (names: SamplingNumberName[]) =>
    names.map((name) => (
      <label key={name} className="flex items-center gap-2">
        <span className="min-w-0 flex-1">{t(`sampling.name.${name}`)}</span>
        <NumberInput
          label={t(`sampling.name.${name}`)}
          value={draft.sampling[name] ?? null}
          min={samplingRanges[name].min}
          max={samplingRanges[name].max}
          step={samplingRanges[name].step}
          emptyText={t('compare.asInChat')}
          className="w-28"
          onValueChange={(value) => set(name, value)}
        />
      </label>
    ))

  return (
    <section aria-label={label} className="flex min-w-0 flex-col gap-2 rounded-surface border border-line p-3">
      <h3 className="flex h-7 items-center font-semibold">
        <span className="flex-1">{label}</span>
        {onRemove && <IconButton label={t('compare.remove', { number })} icon={X} onClick={onRemove} />}
      </h3>
      <span className="text-secondary">{t('compare.model')}</span>
      <Select
        label={t('compare.model')}
        value={draft.modelId ?? ''}
        options={[
          { value: '', label: t('compare.modelOfChat', { model: chatModel }) },
          ...usable.map(({ id, name, quantization }) => ({ value: id, label: `${name} ${quantization}` })),
        ]}
        onValueChange={(modelId) => onChange({ ...draft, modelId: modelId || null })}
      />
      {presets.length > 0 && (
        <>
          <span className="text-secondary">{t('compare.preset')}</span>
          <Select
            label={t('compare.preset')}
            value={draft.presetId ?? ''}
            options={[
              { value: '', label: t('compare.noPreset') },
              ...presets.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onValueChange={(presetId) => onChange({ ...draft, presetId: presetId || null })}
          />
        </>
      )}
      {fields(mainNames)}
      <details>
        <summary className="py-1 text-secondary">{t('sampling.more')}</summary>
        <div className="flex flex-col gap-2 pt-1">{fields(otherNames)}</div>
      </details>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={draft.systemPrompt !== null}
          onChange={(event) => onChange({ ...draft, systemPrompt: event.target.checked ? '' : null })}
        />
        {t('compare.ownSystemPrompt')}
      </label>
      {draft.systemPrompt !== null && (
        <textarea
          aria-label={t('compare.systemPrompt')}
          rows={3}
          maxLength={200_000}
          value={draft.systemPrompt}
          onChange={(event) => onChange({ ...draft, systemPrompt: event.target.value })}
          className="field-sizing-content max-h-40 min-h-16 w-full resize-none rounded-control border border-line bg-page
            px-2.5 py-1.5 outline-none focus:border-accent"
          {...keys}
        />
      )}
    </section>
  )
}
