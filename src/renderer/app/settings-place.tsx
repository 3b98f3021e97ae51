import { Suspense, useEffect } from 'react'
import { HubSettings, QuantizationSettings } from '../features/discover/index.ts'
import { BackupSettings } from '../features/interchange/index.ts'
import { SettingsPage } from '../features/settings/index.ts'
import { useModels } from '../lib/models-store.ts'
import { AreaBoundary } from './area-boundary.tsx'
import { usePlace } from './place-store.ts'

export function SettingsPlace() {
  const readyModelId = useModels(
    ({ loads }) => Object.keys(loads).find((modelId) => loads[modelId]?.state === 'ready') ?? null,
  )
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="window-drag h-11 shrink-0" />
      <AreaBoundary>
        <Suspense>
          <SettingsPage readyModelId={readyModelId}>
            <HubSettings />
            <QuantizationSettings />
            <BackupSettings />
            <ShowTopic />
          </SettingsPage>
        </Suspense>
      </AreaBoundary>
    </div>
  )
}

/** Brings the setting that was asked for into view; there as soon as the page is. */
function ShowTopic() {
  const topic = usePlace((shown) => shown.settingsTopic)
  useEffect(() => {
    if (topic === null) return
    const row = document.querySelector(`[data-setting="${CSS.escape(topic)}"]`)
    row?.scrollIntoView({ block: 'center' })
    row?.querySelector<HTMLElement>('button, input, select')?.focus({ preventScroll: true })
  }, [topic])
  return null
}
