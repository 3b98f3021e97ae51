import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Answer } from './answer.tsx'
import { CutDivider } from './cut-divider.tsx'
import { useThread } from './thread-store.ts'
import { UserMessage } from './user-message.tsx'

interface MessageViewProps {
  id: string
  /** In the thread, from 1 on, and how many there are; -1 = not known yet. */
  position: number
  count: number
}

/** One message of the thread. Renders again only when this message changes. */
export const MessageView = memo(function MessageView({ id, position, count }: MessageViewProps) {
  const { t } = useTranslation()
  const message = useThread(({ messages }) => messages.get(id))
  if (!message) return null
  const isUser = message.role === 'user'
  return (
    <article
      tabIndex={-1}
      aria-posinset={position}
      aria-setsize={count}
      aria-label={isUser ? t('thread.you') : t('thread.assistant')}
      className={`message ${isUser ? '' : 'pb-6'}`}
    >
      {isUser ? <UserMessage message={message} /> : <Answer message={message} />}
      <CutDivider message={message} />
    </article>
  )
})
