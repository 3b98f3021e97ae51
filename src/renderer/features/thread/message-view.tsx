import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Answer } from './answer.tsx'
import { useThread } from './thread-store.ts'
import { UserMessage } from './user-message.tsx'

/** One message of the thread. Renders again only when this message changes. */
export const MessageView = memo(function MessageView({ id }: { id: string }) {
  const { t } = useTranslation()
  const message = useThread(({ messages }) => messages.get(id))
  if (!message) return null
  const isUser = message.role === 'user'
  return (
    <article
      aria-label={isUser ? t('thread.you') : t('thread.assistant')}
      className={`message ${isUser ? '' : 'pb-6'}`}
    >
      {isUser ? <UserMessage message={message} /> : <Answer message={message} />}
    </article>
  )
})
