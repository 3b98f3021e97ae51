import { Suspense } from 'react'
import { HubSettings, QuantizationSettings } from '../features/discover/index.ts'
import { SettingsPage } from '../features/settings/index.ts'
import { useModels } from '../lib/models-store.ts'
import { AreaBoundary } from './area-boundary.tsx'

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
          </SettingsPage>
        </Suspense>
      </AreaBoundary>
    </div>
  )
}
