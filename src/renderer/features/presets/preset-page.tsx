import { Copy, Download, Trash2 } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/contract/models.ts'
import type { Preset } from '../../../shared/contract/presets.ts'
import { chatValues } from '../../../shared/lib/chat-values.ts'
import { samplingNames } from '../../../shared/lib/sampling.ts'
import { Button } from '../../components/button.tsx'
import { Switch } from '../../components/switch.tsx'
import { updateSettings, useSettings } from '../../lib/settings-store.ts'
import { noValues } from '../../lib/use-chat-values.ts'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { createPreset, deletePreset, exportPresets, savePreset } from './preset-actions.ts'
import { SamplingEditor } from './sampling-editor.tsx'
import { samplingValueText } from '../../lib/sampling-value-text.ts'
import { SystemPromptEditor } from './system-prompt-editor.tsx'

export interface PresetPageProps {
  preset: Preset
  chatId: string | null
  /** The model of the open chat. */
  model: Model | null
  /** Gives the open chat this preset; null = there is no chat open. */
  onUse: ((presetId: string) => void) | null
}

const behind = chatValues({ chat: noValues, folders: [], model: null, modelPresetId: null, presets: [] })

/** One preset of the library, to be used, changed or copied. */
export function PresetPage({ preset, chatId, model, onUse }: PresetPageProps) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap gap-1.5">
        {onUse && (
          <Button look="primary" onClick={() => onUse(preset.id)}>
            {t('presets.use')}
          </Button>
        )}
        <Button
          onClick={() => void createPreset({ ...preset, name: t('presets.copyName', { name: preset.name }).slice(0, 200) })}
        >
          <Copy aria-hidden className="size-4" strokeWidth={1.75} />
          {t('presets.duplicate')}
        </Button>
        <Button onClick={() => void exportPresets([preset], preset.name)}>
          <Download aria-hidden className="size-4" strokeWidth={1.75} />
          {t('presets.export')}
        </Button>
        {!preset.isBuiltIn && (
          <Button onClick={() => void deletePreset(preset.id)}>
            <Trash2 aria-hidden className="size-4 text-danger" strokeWidth={1.75} />
            {t('presets.delete')}
          </Button>
        )}
      </div>
      {model && <ForModel preset={preset} model={model} />}
      {preset.isBuiltIn ? <PresetFacts preset={preset} /> : <PresetEditor preset={preset} chatId={chatId} />}
    </div>
  )
}

function ForModel({ preset, model }: { preset: Preset; model: Model }) {
  const { t } = useTranslation()
  const modelPresets = useSettings(({ settings }) => settings?.modelPresets) ?? {}
  const label = t('presets.forModel', { model: model.name })
  return (
    <div className="flex items-center justify-between gap-4">
      <span>{label}</span>
      <Switch
        label={label}
        checked={modelPresets[model.id] === preset.id}
        onCheckedChange={(on) => {
          const { [model.id]: _, ...others } = modelPresets
          void updateSettings({ modelPresets: on ? { ...others, [model.id]: preset.id } : others })
        }}
      />
    </div>
  )
}

function PresetEditor({ preset, chatId }: { preset: Preset; chatId: string | null }) {
  const { t } = useTranslation()
  const id = useId()
  const name = useSavedEdit(preset.name, async (text) => {
    // A name that is being written may be empty for a moment.
    if (text.trim() !== '') await savePreset(preset.id, { name: text })
  })
  const keys = useTextInputKeys({ onSubmit: name.flush })
  return (
    <>
      <div className="flex flex-col gap-1">
        <label htmlFor={id}>{t('presets.name')}</label>
        <input
          id={id}
          value={name.value}
          maxLength={200}
          onChange={(event) => name.change(event.target.value)}
          onBlur={name.flush}
          {...keys}
          className="h-8 w-full rounded-control border border-line bg-page px-2.5 outline-none focus:border-accent"
        />
      </div>
      {preset.source && <p className="text-small text-secondary">{preset.source}</p>}
      <section>
        <h3 className="pb-1.5 font-semibold">{t('presets.prompt.systemPrompt')}</h3>
        <SystemPromptEditor
          owner={{ type: 'preset', id: preset.id }}
          chatId={chatId}
          systemPrompt={preset.systemPrompt}
          inherited={behind.systemPrompt}
          onSave={(systemPrompt) => savePreset(preset.id, { systemPrompt })}
        />
      </section>
      <section>
        <h3 className="pb-1.5 font-semibold">{t('sampling.sampling')}</h3>
        <SamplingEditor
          overrides={preset.sampling}
          inherited={behind.sampling}
          onSave={(sampling) => savePreset(preset.id, { sampling })}
        />
      </section>
    </>
  )
}

/** Of a preset that cannot be changed. */
function PresetFacts({ preset }: { preset: Preset }) {
  const { t } = useTranslation()
  const names = samplingNames.filter((name) => preset.sampling[name] !== undefined)
  return (
    <>
      <h3 className="text-reading font-semibold">{preset.name}</h3>
      <p className="text-secondary">{t('presets.readOnly')}</p>
      <p className="rounded-control border border-line px-3 py-2 text-reading leading-relaxed whitespace-pre-wrap">
        {preset.systemPrompt}
      </p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {names.map((name) => (
          <div key={name} className="contents">
            <dt className="text-secondary">{t(`sampling.name.${name}`)}</dt>
            <dd>{samplingValueText(t, name, preset.sampling[name]!)}</dd>
          </div>
        ))}
        <dt className="text-secondary">{t('presets.source')}</dt>
        <dd className="wrap-anywhere">{preset.source}</dd>
      </dl>
    </>
  )
}
