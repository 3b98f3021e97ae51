export { BackupSettings } from './backup-settings.tsx'
export { InterchangeDialogs } from './interchange-dialogs.tsx'
export { openExport, openImport } from './interchange-store.ts'
