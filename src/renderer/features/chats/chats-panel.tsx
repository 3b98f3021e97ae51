import { FolderPlus, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Folder } from '../../../shared/contract/folders.ts'
import type { Preset } from '../../../shared/contract/presets.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { useFolders } from '../../lib/folders-store.ts'
import { useSettings } from '../../lib/settings-store.ts'
import { ChatTree } from './chat-tree.tsx'
import { listedChats, useChats } from './chats-store.ts'
import type { OnExport } from './export-target.ts'
import { FolderDialog } from './folder-dialog.tsx'
import { listRows } from './list-rows.ts'
import { addFolder, showDialog, useList } from './list-store.ts'
import { MoveDialog } from './move-dialog.tsx'
import { SearchField } from './search-field.tsx'
import { SearchResults } from './search-results.tsx'
import { useSearch } from './search-store.ts'
import { SelectionBar } from './selection-bar.tsx'
import { TrashDialog } from './trash-dialog.tsx'
import { useToday } from './use-today.ts'

interface ChatsPanelProps {
  /** Without it, nothing offers to export. */
  onExport?: OnExport
  /** What a folder can be given. */
  presets: readonly Pick<Preset, 'id' | 'name'>[]
  /** The sampling values of a folder, in its settings. */
  folderSampling?: (folder: Folder) => ReactNode
}

/** All of the sidebar below its head: search, the list of chats and folders, the trash. */
export function ChatsPanel({ onExport, presets, folderSampling }: ChatsPanelProps) {
  const { t } = useTranslation()
  const chats = useChats((state) => state.chats)
  const running = useChats((state) => state.running)
  const folders = useFolders((state) => state.folders)
  const openFolderIds = useSettings(({ settings }) => settings?.openFolderIds)
  const selectedIds = useList((state) => state.selectedIds)
  const isSearching = useSearch(({ query }) => query.trim() !== '')
  const today = useToday()
  const rows = useMemo(
    () =>
      listRows({
        chats: listedChats(chats ?? new Map()),
        folders: folders ?? [],
        openFolderIds: openFolderIds ?? [],
        running,
        now: today,
      }),
    [chats, folders, openFolderIds, running, today],
  )
  const selected = useMemo(() => [...selectedIds].flatMap((id) => chats?.get(id) ?? []), [selectedIds, chats])


  return (
    <>
      <div className="flex items-center gap-1 px-2 pb-2">
        <SearchField />
        <IconButton label={t('folders.newFolder')} icon={FolderPlus} onClick={() => void addFolder(null)} />
      </div>
      {isSearching ? (
        <SearchResults />
      ) : (
        <>
          {selected.length > 0 && <SelectionBar selected={selected} onExport={onExport} />}
          <nav aria-label={t('chats.chats')} className="flex min-h-0 flex-1 flex-col">
            {chats && rows.length === 0 && <p className="px-4 pt-2 text-secondary">{t('chats.empty')}</p>}
            <ChatTree rows={rows} onExport={onExport} />
          </nav>
        </>
      )}
      <div className="border-t border-line px-2 py-1">
        <button
          type="button"
          onClick={() => showDialog({ kind: 'trash' })}
          className="flex min-h-8 w-full items-center gap-2 rounded-control px-2 text-secondary hover:bg-hover
            hover:text-text"
        >
          <Trash2 aria-hidden className="size-4" strokeWidth={1.75} />
          {t('trash.trash')}
        </button>
      </div>
      <MoveDialog />
      <FolderDialog presets={presets} sampling={folderSampling} />
      <TrashDialog />
    </>
  )
}
