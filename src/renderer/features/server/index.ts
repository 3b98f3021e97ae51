import { lazy } from 'react'

/** Seldom opened, so not part of the first paint. */
export const ServerPage = lazy(() => import('./server-page.tsx'))
export { followServer, switchServer, useServer } from './server-store.ts'
