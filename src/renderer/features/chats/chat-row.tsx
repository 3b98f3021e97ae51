import { Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { memo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../../shared/contract/chats.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { renameChat, trashChats } from './chat-actions.ts'
import { openChat } from './chats-store.ts'

interface ChatRowProps {
  chat: Chat
  current: boolean
  /** The one row that the Tab key stops at. */
  tabStop: boolean
  running: boolean
}

/** One chat of the list. Double click, F2 or its menu renames it in place. */
export const ChatRow = memo(function ChatRow({ chat, current, tabStop, running }: ChatRowProps) {
  const { t } = useTranslation()
  const [renaming, setRenaming] = useState(false)
  const [menuOpen, setMenuOpen] = useState(false)
  const row = useRef<HTMLButtonElement>(null)
  const title = chat.title || t('chats.untitled')

  function endRenaming(newTitle: string | null, keepFocus: boolean) {
    setRenaming(false)
    if (newTitle !== null) void renameChat(chat, newTitle)
    // The row comes back in the next commit.
    if (keepFocus) requestAnimationFrame(() => row.current?.focus())
  }

  if (renaming) {
    return (
      <li>
        <TitleField title={chat.title} onEnd={endRenaming} />
      </li>
    )
  }
  return (
    <li
      className="group relative"
      onContextMenu={(event) => {
        event.preventDefault()
        setMenuOpen(true)
      }}
    >
      <button
        ref={row}
        type="button"
        data-arrow-stop
        tabIndex={tabStop ? 0 : -1}
        aria-current={current ? 'page' : undefined}
        onClick={() => openChat(chat.id)}
        onDoubleClick={() => setRenaming(true)}
        onKeyDown={(event) => event.key === 'F2' && setRenaming(true)}
        className="flex h-8 w-full items-center gap-2 rounded-control ps-2 pe-8 text-start hover:bg-hover
          aria-[current]:bg-chosen"
      >
        <span className={`min-w-0 flex-1 truncate ${chat.title ? '' : 'text-secondary'}`}>{title}</span>
        {running && (
          <span
            role="img"
            aria-label={t('chats.running')}
            className="size-1.5 shrink-0 rounded-full bg-accent"
          />
        )}
      </button>
      <div
        className="absolute end-0.5 top-0.5 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100
          has-data-[state=open]:opacity-100"
      >
        <Menu
          open={menuOpen}
          onOpenChange={setMenuOpen}
          onCloseAutoFocus={(event) => event.preventDefault()}
          trigger={<IconButton label={t('common.more')} icon={Ellipsis} tabIndex={tabStop ? 0 : -1} />}
        >
          <MenuItem icon={Pencil} shortcut="F2" onSelect={() => setRenaming(true)}>
            {t('chats.rename')}
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => void trashChats([chat.id])}>
            {t('chats.delete')}
          </MenuItem>
        </Menu>
      </div>
    </li>
  )
})

interface TitleFieldProps {
  title: string
  /** Called once: with the new title, or null after Escape. `keepFocus` unless the focus went elsewhere. */
  onEnd: (title: string | null, keepFocus: boolean) => void
}

function TitleField({ title, onEnd }: TitleFieldProps) {
  const { t } = useTranslation()
  const [value, setValue] = useState(title)
  // Removing a focused field makes it lose the focus, which must not end it a second time.
  const ended = useRef(false)
  function end(newTitle: string | null, keepFocus: boolean) {
    if (ended.current) return
    ended.current = true
    onEnd(newTitle, keepFocus)
  }
  const keys = useTextInputKeys({ onSubmit: () => end(value, true), onCancel: () => end(null, true) })
  return (
    <input
      autoFocus
      onFocus={(event) => event.target.select()}
      aria-label={t('chats.title')}
      value={value}
      maxLength={200}
      onChange={(event) => setValue(event.target.value)}
      onBlur={() => end(value, false)}
      {...keys}
      className="h-8 w-full rounded-control border border-accent bg-page px-[7px] outline-none"
    />
  )
}
