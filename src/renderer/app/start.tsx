import '../lib/i18n/i18n.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { acceptFileDrops } from '../features/models/index.ts'
import { App } from './app.tsx'

acceptFileDrops()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
