import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract/settings.ts'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { SettingsRow, SettingsSection } from '../../components/settings-section.tsx'
import { updateSettings, useSettings } from '../../lib/settings-store.ts'
import { About } from './about.tsx'
import { ChatSettings } from './chat-settings.tsx'
import { EngineSettings } from './engine-settings.tsx'
import { SavedStates } from './saved-states.tsx'
import { useAppInfo } from './use-app-info.ts'

interface SettingsPageProps {
  /** The model that is loaded now, to measure with; null where none is. */
  readyModelId: string | null
  /** Sections of other features, shown between the engine's and what the app is. */
  children?: ReactNode
}

/** A place of its own; every change counts at once. */
export default function SettingsPage({ readyModelId, children }: SettingsPageProps) {
  const { t } = useTranslation()
  const settings = useSettings((state) => state.settings)
  const info = useAppInfo()
  if (!settings) return null

  const languages: { value: Settings['language']; label: string }[] = [
    { value: 'system', label: t('settings.asSystem') },
    { value: 'zh', label: '中文' },
    { value: 'en', label: 'English' },
  ]
  const themes: { value: Settings['theme']; label: string }[] = [
    { value: 'system', label: t('settings.asSystem') },
    { value: 'light', label: t('settings.light') },
    { value: 'dark', label: t('settings.dark') },
  ]
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-160 flex-col gap-8 px-6 pt-6 pb-12">
        <h1 className="text-heading font-semibold">{t('settings.settings')}</h1>
        <SettingsSection title={t('settings.appearance')}>
          <SettingsRow label={t('settings.language')}>
            <SegmentedField
              label={t('settings.language')}
              value={settings.language}
              options={languages}
              onValueChange={(language) => void updateSettings({ language })}
            />
          </SettingsRow>
          <SettingsRow label={t('settings.theme')}>
            <SegmentedField
              label={t('settings.theme')}
              value={settings.theme}
              options={themes}
              onValueChange={(theme) => void updateSettings({ theme })}
            />
          </SettingsRow>
        </SettingsSection>
        <ChatSettings settings={settings} />
        <SavedStates savedStatesGb={settings.savedStatesGb} />
        <EngineSettings settings={settings} info={info} readyModelId={readyModelId} />
        {children}
        <About info={info} />
      </div>
    </main>
  )
}
