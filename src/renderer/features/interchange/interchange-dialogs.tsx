import { ExportDialog } from './export-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { useInterchange } from './interchange-store.ts'

/** The dialogs that `openExport` and `openImport` open. */
export function InterchangeDialogs({ onShowChat }: { onShowChat: (chatId: string) => void }) {
  const { exporting, importing } = useInterchange()
  return (
    <>
      {exporting && <ExportDialog target={exporting} />}
      {importing && <ImportDialog files={importing} onShowChat={onShowChat} />}
    </>
  )
}
