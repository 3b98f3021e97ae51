import { memo } from 'react'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { chatTitle, renameChat } from './chat-actions.ts'
import { ChatMenu } from './chat-menu.tsx'
import { openChat } from './chats-store.ts'
import type { OnExport } from './export-target.ts'
import { headingText } from './heading-text.ts'
import { ListRow, RowMark } from './list-row.tsx'
import type { ChatRow as Row } from './list-rows.ts'
import { actedOn, endSelection, toggleSelected, useList } from './list-store.ts'
import { NameField } from './name-field.tsx'

interface ChatRowProps {
  row: Row
  isActive: boolean
  isCurrent: boolean
  isSelected: boolean
  isRunning: boolean
  /** Selects from where the selection began to this chat. */
  onSelectTo: (key: string) => void
  onExport?: OnExport
}

/** One chat of the list. */
export const ChatRow = memo(function ChatRow(props: ChatRowProps) {
  const { row, isActive, isCurrent, isSelected, isRunning } = props
  const { t, i18n } = useTranslation()
  const { chat, folderName, heading } = row
  function onClick(event: MouseEvent) {
    if (event.shiftKey) props.onSelectTo(chat.id)
    else if (event.ctrlKey || event.metaKey) toggleSelected(chat.id)
    else {
      endSelection()
      useList.setState({ anchorKey: chat.id })
      openChat(chat.id)
    }
  }
  return (
    <ListRow
      row={row}
      isActive={isActive}
      isSelected={isSelected}
      isCurrent={isCurrent}
      description={heading === null ? undefined : headingText(heading, t, i18n.language)}
      dragged={() => ({ chatIds: actedOn(chat.id) })}
      onClick={onClick}
      menu={<ChatMenu chat={chat} onExport={props.onExport} />}
      nameField={
        <NameField label={t('chats.title')} name={chat.title} onRename={(title) => void renameChat(chat, title)} />
      }
    >
      <span
        title={chat.title}
        className={`min-w-0 truncate ps-2 ${chat.isUnread ? 'font-semibold' : ''}
          ${chat.title ? '' : 'text-secondary'}`}
      >
        {chatTitle(chat)}
      </span>
      {folderName !== null && (
        <span className="min-w-0 shrink-4 truncate text-small text-secondary">{folderName}</span>
      )}
      <span className="flex-1" />
      {isRunning && <RowMark label={t('chats.running')} className="animate-pulse bg-accent" />}
      {chat.isUnread && <RowMark label={t('chats.unread')} className="bg-text" />}
    </ListRow>
  )
})
