import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract/settings.ts'
import { NumberInput } from '../../components/number-input.tsx'
import { SettingsRow, SettingsSection } from '../../components/settings-section.tsx'
import { Switch } from '../../components/switch.tsx'
import { updateSettings } from '../../lib/settings-store.ts'

/** How requests have models loaded. */
export function ModelSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  return (
    <SettingsSection title={t('server.onDemand')}>
      <SettingsRow label={t('server.loadsOnDemand')} hint={t('server.loadsOnDemandHint')}>
        <Switch
          label={t('server.loadsOnDemand')}
          checked={settings.apiLoadsOnDemand}
          onCheckedChange={(apiLoadsOnDemand) => void updateSettings({ apiLoadsOnDemand })}
        />
      </SettingsRow>
      <SettingsRow label={t('server.idleMinutes')} hint={t('server.idleMinutesHint')}>
        <NumberInput
          label={t('server.idleMinutes')}
          value={settings.apiIdleMinutes}
          min={1}
          max={10_080}
          step={1}
          emptyText={t('settings.never')}
          className="w-36"
          onValueChange={(apiIdleMinutes) => void updateSettings({ apiIdleMinutes })}
        />
      </SettingsRow>
      <SettingsRow label={t('server.keepsOne')} hint={t('server.keepsOneHint')}>
        <Switch
          label={t('server.keepsOne')}
          checked={settings.apiKeepsOneModel}
          onCheckedChange={(apiKeepsOneModel) => void updateSettings({ apiKeepsOneModel })}
        />
      </SettingsRow>
      <SettingsRow label={t('server.maxWaiting')} hint={t('server.maxWaitingHint')}>
        <NumberInput
          label={t('server.maxWaiting')}
          value={settings.apiMaxWaiting}
          min={0}
          max={10_000}
          step={1}
          className="w-36"
          onValueChange={(most) => most !== null && void updateSettings({ apiMaxWaiting: most })}
        />
      </SettingsRow>
    </SettingsSection>
  )
}
