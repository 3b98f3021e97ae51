import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HubSource } from '../../../shared/contract/hubs.ts'
import { NumberInput } from '../../components/number-input.tsx'
import { SettingsRow, SettingsSection } from '../../components/settings-section.tsx'
import { client } from '../../lib/client.ts'
import { updateSettings, useSettings } from '../../lib/settings-store.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { ModelsFolderRow } from './models-folder-row.tsx'
import { SourceRow } from './source-row.tsx'

/** Where models are fetched from, with what, and where they go. */
export default function HubSettings() {
  const { t } = useTranslation()
  const settings = useSettings((state) => state.settings)
  const [sources, setSources] = useState<HubSource[]>([])
  const askSources = useCallback(() => {
    client.hubs.sources().then(setSources, showFailure)
  }, [])
  const customEndpoint = settings?.customEndpoint
  useEffect(askSources, [askSources, customEndpoint])
  if (!settings) return null

  const rowProps = { chosen: settings.hubSource, onChanged: askSources }
  return (
    <SettingsSection title={t('hubs.title')}>
      <fieldset className="py-2.5">
        <legend className="float-left">{t('hubs.sourceTitle')}</legend>
        <p className="clear-both pb-1 text-small text-secondary">{t('hubs.sourceHint')}</p>
        <SourceRow id="automatic" source={null} {...rowProps} />
        {sources.map((source) => (
          <SourceRow key={source.id} id={source.id} source={source} {...rowProps} />
        ))}
      </fieldset>
      <SettingsRow label={t('hubs.parallel')}>
        <NumberInput
          label={t('hubs.parallel')}
          value={settings.parallelDownloads}
          min={1}
          max={8}
          step={1}
          className="w-20"
          onValueChange={(parallelDownloads) => parallelDownloads && void updateSettings({ parallelDownloads })}
        />
      </SettingsRow>
      <ModelsFolderRow modelsDirectory={settings.modelsDirectory} />
    </SettingsSection>
  )
}
