import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useModels } from '../../lib/models-store.ts'
import { useSettings } from '../../lib/settings-store.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { AccessSettings } from './access-settings.tsx'
import { ApiKeys } from './api-keys.tsx'
import { LiveRequests } from './live-requests.tsx'
import { LoadedModels } from './loaded-models.tsx'
import { ModelSettings } from './model-settings.tsx'
import { RequestLog } from './request-log.tsx'
import { followActivity, readKeys, readNamedModels } from './server-store.ts'
import { ServerSwitch } from './server-switch.tsx'
import { Snippets } from './snippets.tsx'

/** The HTTP server for programs: a place of its own; every change counts at once. */
export default function ServerPage() {
  const { t } = useTranslation()
  const settings = useSettings((state) => state.settings)
  const loads = useModels((state) => state.loads)
  useEffect(() => {
    const abort = new AbortController()
    followActivity(abort.signal).catch(showFailure)
    readKeys().catch(showFailure)
    return () => abort.abort()
  }, [])
  // Which models can be asked depends on what is loaded.
  useEffect(() => void readNamedModels().catch(showFailure), [loads])
  if (!settings) return null

  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-180 flex-col gap-8 px-6 pt-6 pb-12">
        <div>
          <h1 className="text-heading font-semibold">{t('server.title')}</h1>
          <p className="pt-1 text-secondary">{t('server.about')}</p>
        </div>
        <ServerSwitch settings={settings} />
        <LiveRequests />
        <LoadedModels />
        <Snippets settings={settings} />
        <AccessSettings settings={settings} />
        <ApiKeys />
        <ModelSettings settings={settings} />
        <RequestLog isOn={settings.apiLogsPrompts} />
      </div>
    </main>
  )
}
