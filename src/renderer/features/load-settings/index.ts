export { LoadSettings } from './load-settings.tsx'
