import { Download, FolderInput, Pin, PinOff, Trash2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../../shared/contract/chats.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { pinChats, trashChats } from './chat-actions.ts'
import type { OnExport } from './export-target.ts'
import { endSelection, focusTree, showDialog } from './list-store.ts'

interface SelectionBarProps {
  selected: readonly Chat[]
  onExport?: OnExport
}

/** How many chats are selected, and what can be done with them. */
export function SelectionBar({ selected, onExport }: SelectionBarProps) {
  const { t } = useTranslation()
  const chatIds = selected.map(({ id }) => id)
  const arePinned = selected.every(({ pinnedAt }) => pinnedAt !== null)
  function end() {
    endSelection()
    focusTree()
  }
  return (
    <div
      role="toolbar"
      aria-label={t('chats.selection')}
      onKeyDown={(event) => event.key === 'Escape' && end()}
      className="mx-2 mb-1 flex flex-wrap items-center rounded-control bg-chosen ps-2"
    >
      <span role="status" className="me-auto py-1 whitespace-nowrap">
        {t('chats.selected', { count: chatIds.length })}
      </span>
      <span className="flex flex-wrap">
        <IconButton
          label={t(arePinned ? 'chats.unpin' : 'chats.pin')}
          icon={arePinned ? PinOff : Pin}
          onClick={() => void pinChats(chatIds, !arePinned)}
        />
        <IconButton
          label={t('chats.moveTo')}
          icon={FolderInput}
          onClick={() => showDialog({ kind: 'move', chatIds })}
        />
        {onExport && <IconButton label={t('chats.export')} icon={Download} onClick={() => onExport({ chatIds })} />}
        <IconButton
          label={t('chats.delete')}
          icon={Trash2}
          onClick={() => {
            end()
            void trashChats(chatIds)
          }}
        />
        <IconButton label={t('chats.endSelection')} icon={X} onClick={end} />
      </span>
    </div>
  )
}
