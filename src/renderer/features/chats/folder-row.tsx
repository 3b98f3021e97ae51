import { ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { OnExport } from './export-target.ts'
import { renameFolder, setFolderOpen } from './folder-actions.ts'
import { FolderMenu } from './folder-menu.tsx'
import { ListRow, RowMark } from './list-row.tsx'
import type { FolderRow as Row } from './list-rows.ts'
import { NameField } from './name-field.tsx'

interface FolderRowProps {
  row: Row
  isActive: boolean
  onExport?: OnExport
}

/** One folder of the list; a click opens and closes it. */
export const FolderRow = memo(function FolderRow({ row, isActive, onExport }: FolderRowProps) {
  const { t } = useTranslation()
  const { folder, isOpen } = row
  return (
    <ListRow
      row={row}
      isActive={isActive}
      dragged={() => ({ folderId: folder.id })}
      onClick={(event) => {
        // The second click of a double click, which renames, leaves the folder as the first one made it.
        if (event.detail < 2) setFolderOpen(folder.id, !isOpen)
      }}
      menu={<FolderMenu folder={folder} onExport={onExport} />}
      nameField={
        <NameField label={t('folders.name')} name={folder.name} onRename={(name) => void renameFolder(folder, name)} />
      }
    >
      <ChevronRight
        aria-hidden
        className={`ms-0.5 size-4 shrink-0 text-secondary transition-transform ${isOpen ? 'rotate-90' : ''}`}
        strokeWidth={1.75}
      />
      <span className={`min-w-0 flex-1 truncate ${row.hasUnread ? 'font-semibold' : ''}`} title={folder.name}>
        {folder.name}
      </span>
      {row.hasRunning && <RowMark label={t('chats.running')} className="animate-pulse bg-accent" />}
      {row.hasUnread && <RowMark label={t('chats.unread')} className="bg-text" />}
    </ListRow>
  )
})
