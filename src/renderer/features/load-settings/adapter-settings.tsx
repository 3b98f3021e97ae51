import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/contract/models.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { NumberInput } from '../../components/number-input.tsx'
import { Select } from '../../components/select.tsx'
import { Slider } from '../../components/slider.tsx'
import { useModels } from '../../lib/models-store.ts'
import { Setting } from './setting.tsx'
import type { Overrides } from './use-overrides.ts'

const scaleRange = { min: -2, max: 2, step: 0.05 }
const mostAdapters = 8

/** LoRA adapters that are laid over the model, each with its strength. */
export function AdapterSettings({ model, edit }: { model: Model; edit: Overrides }) {
  const { t } = useTranslation()
  const models = useModels((state) => state.models)
  const { settings, set, resetOf } = edit
  const { adapters } = settings
  const free = [...(models?.values() ?? [])].filter(
    ({ id, type, architecture }) =>
      type === 'adapter' && architecture === model.architecture && !adapters.some(({ modelId }) => modelId === id),
  )
  const change = (modelId: string, scale: number) =>
    set(
      'adapters',
      adapters.map((adapter) => (adapter.modelId === modelId ? { modelId, scale } : adapter)),
    )
  return (
    <Setting label={t('loadSettings.adapters')} hint={t('loadSettings.adaptersHint')} onReset={resetOf('adapters')}>
      <ul className="flex flex-col gap-2">
        {adapters.map(({ modelId, scale }) => {
          const name = models?.get(modelId)?.name ?? t('loadSettings.missing')
          return (
            <li key={modelId}>
              <div className="flex items-center gap-1">
                <span className="min-w-0 flex-1 truncate">{name}</span>
                <NumberInput
                  label={t('loadSettings.strengthOf', { name })}
                  value={scale}
                  {...scaleRange}
                  className="w-16"
                  onValueChange={(value) => value !== null && change(modelId, value)}
                />
                <IconButton
                  label={t('loadSettings.removeAdapter', { name })}
                  icon={X}
                  onClick={() => set('adapters', adapters.filter((adapter) => adapter.modelId !== modelId))}
                />
              </div>
              <Slider
                label={t('loadSettings.strengthOf', { name })}
                value={scale}
                {...scaleRange}
                onValueChange={(value) => change(modelId, value)}
              />
            </li>
          )
        })}
      </ul>
      {free.length > 0 && adapters.length < mostAdapters && (
        <Select
          label={t('loadSettings.addAdapter')}
          value=""
          options={[
            { value: '', label: t('loadSettings.addAdapter') },
            ...free.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onValueChange={(modelId) => modelId && set('adapters', [...adapters, { modelId, scale: 1 }])}
          className="w-full"
        />
      )}
      {free.length === 0 && adapters.length === 0 && (
        <p className="text-small text-secondary">{t('loadSettings.noAdapters')}</p>
      )}
    </Setting>
  )
}
