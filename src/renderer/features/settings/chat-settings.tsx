import { useTranslation } from 'react-i18next'
import type { ContextPolicy } from '../../../shared/contract/chats.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { Select } from '../../components/select.tsx'
import { SettingsRow, SettingsSection } from '../../components/settings-section.tsx'
import { Switch } from '../../components/switch.tsx'
import { updateSettings } from '../../lib/settings-store.ts'

const policies: ContextPolicy[] = ['stop', 'drop-oldest', 'drop-middle', 'summarise']

/** What chats do unless they say otherwise. */
export function ChatSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  return (
    <SettingsSection title={t('chatSettings.chats')}>
      <SettingsRow label={t('chatSettings.contextPolicy')} hint={t(`prompt.policy.${settings.contextPolicy}Hint`)}>
        <Select
          label={t('chatSettings.contextPolicy')}
          className="w-56"
          value={settings.contextPolicy}
          options={policies.map((value) => ({ value, label: t(`prompt.policy.${value}`) }))}
          onValueChange={(contextPolicy) => void updateSettings({ contextPolicy })}
        />
      </SettingsRow>
      <SettingsRow label={t('chatSettings.automaticTitles')} hint={t('chatSettings.automaticTitlesHint')}>
        <Switch
          label={t('chatSettings.automaticTitles')}
          checked={settings.automaticTitles}
          onCheckedChange={(automaticTitles) => void updateSettings({ automaticTitles })}
        />
      </SettingsRow>
      <SettingsRow label={t('chatSettings.wrapCode')}>
        <Switch
          label={t('chatSettings.wrapCode')}
          checked={settings.wrapCode}
          onCheckedChange={(wrapCode) => void updateSettings({ wrapCode })}
        />
      </SettingsRow>
    </SettingsSection>
  )
}
