import { Suspense } from 'react'
import { ServerPage } from '../features/server/index.ts'
import { AreaBoundary } from './area-boundary.tsx'

export function ServerPlace() {
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="window-drag h-11 shrink-0" />
      <AreaBoundary>
        <Suspense>
          <ServerPage />
        </Suspense>
      </AreaBoundary>
    </div>
  )
}
