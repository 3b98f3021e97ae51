import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { moveByArrowKeys } from '../../lib/move-by-arrow-keys.ts'
import { ChatRow } from './chat-row.tsx'
import { listedChats, useChats } from './chats-store.ts'
import { groupByDay } from './group-by-day.ts'
import type { ChatGroup } from './group-by-day.ts'

/** All chats by day, newest first. The list is one stop of the Tab key; arrows move in it. */
export function ChatList() {
  const { t, i18n } = useTranslation()
  const chats = useChats((state) => state.chats)
  const currentChatId = useChats((state) => state.currentChatId)
  const running = useChats((state) => state.running)
  const listed = useMemo(() => chats && listedChats(chats), [chats])
  const tabStopId = listed?.find(({ id }) => id === currentChatId)?.id ?? listed?.[0]?.id

  function heading({ when }: ChatGroup): string {
    if (!(when instanceof Date)) return t(`chats.${when}`)
    return new Intl.DateTimeFormat(i18n.language, { year: 'numeric', month: 'long' }).format(when)
  }

  return (
    <nav
      aria-label={t('chats.chats')}
      onKeyDown={moveByArrowKeys}
      className="min-h-0 flex-1 overflow-y-auto px-2 pb-3"
    >
      {listed?.length === 0 && <p className="px-2 pt-4 text-secondary">{t('chats.empty')}</p>}
      {groupByDay(listed ?? [], new Date()).map((group) => (
        <section key={String(group.when)}>
          <h2 className="px-2 pt-4 pb-1 text-small text-secondary">{heading(group)}</h2>
          <ul>
            {group.chats.map((chat) => (
              <ChatRow
                key={chat.id}
                chat={chat}
                current={chat.id === currentChatId}
                tabStop={chat.id === tabStopId}
                running={running.has(chat.id)}
              />
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}
