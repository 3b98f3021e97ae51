import { lazy } from 'react'

/** Not part of the first paint. */
export const LoadSettings = lazy(() => import('./load-settings.tsx'))
