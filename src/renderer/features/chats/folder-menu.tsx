import { Download, FolderInput, FolderPlus, Pencil, Settings2, SquarePen, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Folder } from '../../../shared/contract/folders.ts'
import { MenuItem } from '../../components/menu.tsx'
import { newChat } from './chats-store.ts'
import type { OnExport } from './export-target.ts'
import { trashFolder } from './folder-actions.ts'
import { addFolder, showDialog, useList } from './list-store.ts'

interface FolderMenuProps {
  folder: Folder
  onExport?: OnExport
}

/** Actions on one folder. */
export function FolderMenu({ folder, onExport }: FolderMenuProps) {
  const { t } = useTranslation()
  return (
    <>
      <MenuItem icon={SquarePen} onSelect={() => void newChat(null, folder.id)}>
        {t('folders.newChatIn')}
      </MenuItem>
      <MenuItem icon={FolderPlus} onSelect={() => void addFolder(folder.id)}>
        {t('folders.newFolderIn')}
      </MenuItem>
      <MenuItem icon={Pencil} shortcut="F2" onSelect={() => useList.setState({ renamingKey: folder.id })}>
        {t('chats.rename')}
      </MenuItem>
      <MenuItem icon={Settings2} onSelect={() => showDialog({ kind: 'folder', folderId: folder.id })}>
        {t('folders.settings')}
      </MenuItem>
      <MenuItem icon={FolderInput} onSelect={() => showDialog({ kind: 'move-folder', folderId: folder.id })}>
        {t('chats.moveTo')}
      </MenuItem>
      {onExport && (
        <MenuItem icon={Download} onSelect={() => onExport({ folderId: folder.id })}>
          {t('chats.export')}
        </MenuItem>
      )}
      <MenuItem icon={Trash2} danger shortcut="Del" onSelect={() => void trashFolder(folder)}>
        {t('chats.delete')}
      </MenuItem>
    </>
  )
}
