import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract/settings.ts'
import { NumberInput } from '../../components/number-input.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { SettingsRow, SettingsSection } from '../../components/settings-section.tsx'
import { Switch } from '../../components/switch.tsx'
import { updateSettings } from '../../lib/settings-store.ts'
import { TextList } from './text-list.tsx'

const thisComputer = '127.0.0.1'
const allAddresses = '0.0.0.0'

/** From where it can be reached, and which web pages may use it. */
export function AccessSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const { apiServerHost } = settings
  const hosts = [
    { value: thisComputer, label: t('server.thisComputer') },
    { value: allAddresses, label: t('server.network') },
  ]
  // Set on the command line: one of this computer's addresses.
  if (!hosts.some(({ value }) => value === apiServerHost)) hosts.push({ value: apiServerHost, label: apiServerHost })
  return (
    <SettingsSection title={t('server.access')}>
      <SettingsRow label={t('server.host')} hint={t('server.hostHint')}>
        <SegmentedField
          label={t('server.host')}
          value={apiServerHost}
          options={hosts}
          onValueChange={(apiServerHost) => void updateSettings({ apiServerHost })}
        />
      </SettingsRow>
      <SettingsRow label={t('server.port')}>
        <NumberInput
          label={t('server.port')}
          value={settings.apiServerPort}
          min={1}
          max={65_535}
          step={1}
          className="w-36"
          onValueChange={(port) => port !== null && void updateSettings({ apiServerPort: port })}
        />
      </SettingsRow>
      <SettingsRow label={t('server.needsKey')} hint={t('server.needsKeyHint')}>
        <Switch
          label={t('server.needsKey')}
          checked={settings.apiServerNeedsKey || apiServerHost !== thisComputer}
          disabled={apiServerHost !== thisComputer}
          onCheckedChange={(apiServerNeedsKey) => void updateSettings({ apiServerNeedsKey })}
        />
      </SettingsRow>
      <TextList
        label={t('server.origins')}
        hint={t('server.originsHint')}
        placeholder="https://example.com"
        values={settings.apiServerOrigins}
        problemOf={(text) => (isOrigin(text) ? null : t('server.originProblem'))}
        onValuesChange={(apiServerOrigins) => void updateSettings({ apiServerOrigins })}
      />
      <TextList
        label={t('server.hostNames')}
        hint={t('server.hostNamesHint')}
        placeholder="models.example.com"
        values={settings.apiServerHostNames}
        problemOf={(text) => (isHostName(text) ? null : t('server.hostNameProblem'))}
        onValuesChange={(apiServerHostNames) => void updateSettings({ apiServerHostNames })}
      />
    </SettingsSection>
  )
}

/** `https://example.com`, or `*` for any. */
function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text)
}

function isHostName(text: string): boolean {
  return URL.canParse(`http://${text}`) && new URL(`http://${text}`).host === text
}
