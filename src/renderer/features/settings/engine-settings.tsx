import { useTranslation } from 'react-i18next'
import type { AppInfo } from '../../../shared/contract/app.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { NumberInput } from '../../components/number-input.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { SettingsRow, SettingsSection } from '../../components/settings-section.tsx'
import { backEndName } from '../../lib/back-end-name.ts'
import { updateSettings } from '../../lib/settings-store.ts'
import { ThreadMeasurement } from './thread-measurement.tsx'

interface EngineSettingsProps {
  settings: Settings
  info: AppInfo | null
  readyModelId: string | null
}

/** llama.cpp's back ends by platform; `auto` and the CPU are everywhere. */
const platformBackEnds: Record<string, Settings['gpu'][]> = { darwin: ['metal'] }
const otherBackEnds: Settings['gpu'][] = ['cuda', 'vulkan']

export function EngineSettings({ settings, info, readyModelId }: EngineSettingsProps) {
  const { t } = useTranslation()
  const backEnds = (info && platformBackEnds[info.platform]) ?? otherBackEnds
  const options = (['auto', ...backEnds, 'cpu'] as const).map((value) => ({
    value,
    label: value === 'auto' ? t('settings.automatic') : backEndName(value),
  }))
  const automaticThreads = settings.measuredThreads ?? (info ? Math.max(1, info.cores - 1) : null)
  return (
    <SettingsSection title={t('settings.engine')}>
      <SettingsRow label={t('settings.backEnd')} hint={t('settings.backEndHint')}>
        <SegmentedField
          label={t('settings.backEnd')}
          value={settings.gpu}
          options={options}
          onValueChange={(gpu) => void updateSettings({ gpu })}
        />
      </SettingsRow>
      <SettingsRow
        label={t('settings.threads')}
        hint={info ? t('settings.threadsHint', { count: info.cores }) : undefined}
      >
        <NumberInput
          label={t('settings.threads')}
          value={settings.threads}
          min={1}
          max={256}
          step={1}
          emptyText={t('settings.automaticIs', { threads: automaticThreads ?? '–' })}
          className="w-36"
          onValueChange={(threads) => void updateSettings({ threads })}
        />
      </SettingsRow>
      <ThreadMeasurement readyModelId={readyModelId} />
      <SettingsRow label={t('settings.idleUnload')} hint={t('settings.idleUnloadHint')}>
        <NumberInput
          label={t('settings.idleUnload')}
          value={settings.idleUnloadMinutes}
          min={1}
          max={10_080}
          step={1}
          emptyText={t('settings.never')}
          className="w-36"
          onValueChange={(idleUnloadMinutes) => void updateSettings({ idleUnloadMinutes })}
        />
      </SettingsRow>
    </SettingsSection>
  )
}
