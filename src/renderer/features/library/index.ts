import { lazy } from 'react'

/** Seldom opened, so not part of the first paint. */
export const LibraryPage = lazy(() => import('./library-page.tsx'))
