import { useTranslation } from 'react-i18next'
import type { AppInfo } from '../../../shared/contract/app.ts'
import { SettingsSection } from '../../components/settings-section.tsx'
import { formatSize } from '../../lib/i18n/format.ts'

/** Where the data lies, and what this is. */
export function About({ info }: { info: AppInfo | null }) {
  const { t } = useTranslation()
  if (!info) return null
  const { versions } = info
  const runtime = [versions.electron && `Electron ${versions.electron}`, `Node ${versions.node}`]
  return (
    <>
      <SettingsSection title={t('settings.data')}>
        <Fact label={t('settings.dataDirectory')} value={info.dataDirectory} />
        <Fact label={t('settings.modelsDirectory')} value={info.modelsDirectory} />
      </SettingsSection>
      <SettingsSection title={t('settings.about')}>
        <Fact label={t('settings.version')} value={info.version} />
        <Fact label="llama.cpp" value={t('settings.through', { name: `node-llama-cpp ${versions.nodeLlamaCpp}` })} />
        <Fact label={t('settings.runtime')} value={runtime.filter(Boolean).join(' · ')} />
        <Fact
          label={t('settings.machine')}
          value={[
            `${info.platform} ${info.arch}`,
            t('settings.cores', { count: info.cores }),
            `${formatSize(info.memoryBytes)} ${t('settings.memory')}`,
          ].join(' · ')}
        />
        <Fact label={t('settings.licence')} value="Apache-2.0" />
      </SettingsSection>
    </>
  )
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex gap-6 py-2.5">
      <span className="w-36 shrink-0 text-secondary">{label}</span>
      <span className="min-w-0 flex-1 wrap-anywhere" data-selectable>
        {value}
      </span>
    </div>
  )
}
