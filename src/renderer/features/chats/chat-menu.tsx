import { Copy, Download, FolderInput, Mail, MailOpen, Pencil, Pin, PinOff, Sparkles, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../../shared/contract/chats.ts'
import { MenuItem } from '../../components/menu.tsx'
import { duplicateChat, markUnread, nameByModel, pinChats, trashChats } from './chat-actions.ts'
import type { OnExport } from './export-target.ts'
import { showDialog, useList } from './list-store.ts'

interface ChatMenuProps {
  chat: Chat
  onExport?: OnExport
}

/** Actions on one chat. */
export function ChatMenu({ chat, onExport }: ChatMenuProps) {
  const { t } = useTranslation()
  const isPinned = chat.pinnedAt !== null
  return (
    <>
      <MenuItem icon={Pencil} shortcut="F2" onSelect={() => useList.setState({ renamingKey: chat.id })}>
        {t('chats.rename')}
      </MenuItem>
      {chat.activeLeafId !== null && (
        <MenuItem icon={Sparkles} onSelect={() => void nameByModel(chat.id)}>
          {t('chats.nameByModel')}
        </MenuItem>
      )}
      <MenuItem icon={isPinned ? PinOff : Pin} onSelect={() => void pinChats([chat.id], !isPinned)}>
        {t(isPinned ? 'chats.unpin' : 'chats.pin')}
      </MenuItem>
      <MenuItem icon={chat.isUnread ? MailOpen : Mail} onSelect={() => void markUnread(chat, !chat.isUnread)}>
        {t(chat.isUnread ? 'chats.markRead' : 'chats.markUnread')}
      </MenuItem>
      <MenuItem icon={FolderInput} onSelect={() => showDialog({ kind: 'move', chatIds: [chat.id] })}>
        {t('chats.moveTo')}
      </MenuItem>
      <MenuItem icon={Copy} onSelect={() => void duplicateChat(chat.id)}>
        {t('chats.duplicate')}
      </MenuItem>
      {onExport && (
        <MenuItem icon={Download} onSelect={() => onExport({ chatIds: [chat.id] })}>
          {t('chats.export')}
        </MenuItem>
      )}
      <MenuItem icon={Trash2} danger shortcut="Del" onSelect={() => void trashChats([chat.id])}>
        {t('chats.delete')}
      </MenuItem>
    </>
  )
}
