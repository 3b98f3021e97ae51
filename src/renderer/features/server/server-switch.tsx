import { CircleAlert, CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract/settings.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { SettingsRow, SettingsSection } from '../../components/settings-section.tsx'
import { Switch } from '../../components/switch.tsx'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { switchServer, useServer } from './server-store.ts'

/** On or off, and where it is reached. */
export function ServerSwitch({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const server = useServer((state) => state.server)
  return (
    <SettingsSection title={t('server.server')}>
      <SettingsRow label={t('server.switch')} hint={t('server.switchHint')}>
        <Switch
          label={t('server.switch')}
          checked={settings.apiServerEnabled}
          disabled={server.state === 'starting'}
          onCheckedChange={(isOn) => void switchServer(isOn)}
        />
      </SettingsRow>
      <div role="status" className="py-2.5">
        {server.state === 'off' && <p className="text-secondary">{t('server.off')}</p>}
        {server.state === 'starting' && <p className="text-secondary">{t('server.starting')}</p>}
        {server.state === 'on' && (
          <div className="flex gap-2">
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" strokeWidth={1.75} />
            <div className="min-w-0 flex-1">
              <p>{t(server.needsKey ? 'server.onWithKey' : 'server.on')}</p>
              <ul>
                {server.urls.map((url) => (
                  <li key={url} className="flex items-center gap-1">
                    <code className="font-mono break-all" data-selectable>
                      {url}/v1
                    </code>
                    <CopyButton text={`${url}/v1`} label={t('server.copyAddress', { url })} />
                  </li>
                ))}
              </ul>
            </div>
          </div>
        )}
        {server.state === 'failed' && (
          <p className="flex gap-2">
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" strokeWidth={1.75} />
            <span className="min-w-0 break-words">{failureSentence(t, server.failure)}</span>
          </p>
        )}
      </div>
    </SettingsSection>
  )
}
