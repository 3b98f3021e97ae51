import { lazy } from 'react'

/** Seldom opened, so not part of the first paint. */
export const DiscoverPage = lazy(() => import('./discover-page.tsx'))
export const DownloadsPage = lazy(() => import('./downloads-page.tsx'))
export const HubSettings = lazy(() => import('./hub-settings.tsx'))
export const QuantizationSettings = lazy(() => import('./quantization-settings.tsx'))
export { followDownloads, useDownloadsProgress } from './downloads-store.ts'
export { FirstModelCard } from './first-model-card.tsx'
