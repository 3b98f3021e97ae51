import { useTranslation } from 'react-i18next'
import { kvCacheTypes } from '../../../shared/lib/load-setting-values.ts'
import type { LoadSettings } from '../../../shared/contract/load-settings.ts'
import { NumberInput } from '../../components/number-input.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { Select } from '../../components/select.tsx'
import { Switch } from '../../components/switch.tsx'
import { Setting } from './setting.tsx'
import type { Overrides } from './use-overrides.ts'

type NumberName = 'gpuLayers' | 'threads' | 'batchSize' | 'slots'

const ranges: Record<NumberName, { min: number; max: number }> = {
  gpuLayers: { min: 0, max: 1000 },
  threads: { min: 1, max: 256 },
  batchSize: { min: 1, max: 16_384 },
  slots: { min: 1, max: 16 },
}

/** Where the model lies and how it is computed. */
export function MemorySettings({ edit }: { edit: Overrides }) {
  const { t } = useTranslation()
  const { settings, set, resetOf } = edit

  const number = (name: NumberName) => (
    <Setting
      label={t(`loadSettings.${name}`)}
      hint={t(`loadSettings.${name}Hint`)}
      onReset={resetOf(name)}
      control={
        <NumberInput
          label={t(`loadSettings.${name}`)}
          value={settings[name]}
          {...ranges[name]}
          step={1}
          emptyText={t('loadSettings.automatic')}
          className="w-24"
          onValueChange={(value) => set(name, value)}
        />
      }
    />
  )
  const onOff = (name: 'useMmap' | 'useMlock') => (
    <Setting
      label={t(`loadSettings.${name}`)}
      hint={t(`loadSettings.${name}Hint`)}
      onReset={resetOf(name)}
      control={
        <Switch
          label={t(`loadSettings.${name}`)}
          checked={settings[name]}
          onCheckedChange={(checked) => set(name, checked)}
        />
      }
    />
  )
  const kvCacheType = (name: 'kvCacheKeyType' | 'kvCacheValueType') => (
    <Select
      label={t(`loadSettings.${name}`)}
      value={settings[name]}
      options={kvCacheTypes.map((value) => ({ value, label: value }))}
      onValueChange={(value) => set(name, value)}
      className="w-24"
    />
  )
  const flashAttention: { value: LoadSettings['flashAttention']; label: string }[] = [
    { value: 'auto', label: t('loadSettings.automatic') },
    { value: 'on', label: t('loadSettings.on') },
    { value: 'off', label: t('loadSettings.off') },
  ]
  return (
    <>
      {number('gpuLayers')}
      {number('threads')}
      {number('batchSize')}
      <Setting
        label={t('loadSettings.kvCache')}
        hint={t('loadSettings.kvCacheHint')}
        onReset={resetOf('kvCacheKeyType', 'kvCacheValueType')}
      >
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          <span className="flex items-center gap-2 text-small text-secondary">
            {t('loadSettings.keys')} {kvCacheType('kvCacheKeyType')}
          </span>
          <span className="flex items-center gap-2 text-small text-secondary">
            {t('loadSettings.values')} {kvCacheType('kvCacheValueType')}
          </span>
        </div>
      </Setting>
      <Setting
        label={t('loadSettings.flashAttention')}
        hint={t('loadSettings.flashAttentionHint')}
        onReset={resetOf('flashAttention')}
      >
        <SegmentedField
          label={t('loadSettings.flashAttention')}
          value={settings.flashAttention}
          options={flashAttention}
          onValueChange={(value) => set('flashAttention', value)}
        />
      </Setting>
      {number('slots')}
      {onOff('useMmap')}
      {onOff('useMlock')}
    </>
  )
}
