import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract/settings.ts'
import { Button } from '../../components/button.tsx'
import { Select } from '../../components/select.tsx'
import { SettingsRow, SettingsSection } from '../../components/settings-section.tsx'
import { client } from '../../lib/client.ts'
import { formatSize } from '../../lib/i18n/format.ts'
import { updateSettings } from '../../lib/settings-store.ts'
import { showFailure } from '../../lib/show-failure.ts'

const quotas = Array.from({ length: 20 }, (_, index) => String(index + 1))

/** How much disk space the saved states of chats may take, and what they take now. */
export function SavedStates({ savedStatesGb }: Pick<Settings, 'savedStatesGb'>) {
  const { t } = useTranslation()
  const [usage, setUsage] = useState<{ bytes: number; chats: number } | null>(null)
  const look = () => client.savedStates.usage().then(setUsage, showFailure)
  useEffect(() => void look(), [])
  const options = [
    { value: 'off', label: t('savedStates.off') },
    ...quotas.map((value) => ({ value, label: `${value} GB` })),
  ]
  return (
    <SettingsSection title={t('savedStates.title')}>
      <SettingsRow label={t('savedStates.quota')} hint={t('savedStates.quotaHint')}>
        <Select
          label={t('savedStates.quota')}
          className="w-36"
          value={savedStatesGb === null ? 'off' : String(savedStatesGb)}
          options={options}
          onValueChange={(value) =>
            void updateSettings({ savedStatesGb: value === 'off' ? null : Number(value) }).then(look)
          }
        />
      </SettingsRow>
      <SettingsRow label={t('savedStates.used')} hint={t('savedStates.clearHint')}>
        <span className="flex items-center gap-3">
          <span className="text-secondary tabular-nums" role="status">
            {usage && t('savedStates.usage', { count: usage.chats, size: formatSize(usage.bytes) })}
          </span>
          <Button
            disabled={!usage?.chats}
            onClick={() => void client.savedStates.clear().then(look, showFailure)}
          >
            {t('savedStates.clear')}
          </Button>
        </span>
      </SettingsRow>
    </SettingsSection>
  )
}
