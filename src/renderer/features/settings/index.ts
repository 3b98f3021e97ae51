import { lazy } from 'react'

/** Seldom opened, so not part of the first paint. */
export const SettingsPage = lazy(() => import('./settings-page.tsx'))
