import { memo, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Answer } from './answer.tsx'
import { useThread } from './thread-store.ts'
import { UserMessage } from './user-message.tsx'

declare global {
  /** A test sets it before the page loads, and reads how often each message was rendered. */
  var messageRenders: Map<string, number> | undefined
}

/** One message of the thread. Renders again only when this message changes. */
export const MessageView = memo(function MessageView({ id }: { id: string }) {
  const { t } = useTranslation()
  const message = useThread(({ messages }) => messages.get(id))
  useEffect(() => {
    globalThis.messageRenders?.set(id, (globalThis.messageRenders.get(id) ?? 0) + 1)
  })
  if (!message) return null
  const isUser = message.role === 'user'
  return (
    <article aria-label={isUser ? t('thread.you') : t('thread.assistant')} className={`message ${isUser ? '' : 'pb-6'}`}>
      {isUser ? <UserMessage message={message} /> : <Answer message={message} />}
    </article>
  )
})
