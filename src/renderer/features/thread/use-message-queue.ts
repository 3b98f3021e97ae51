import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat, QueuedMessage } from '../../../shared/contract/chats.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { showToast } from '../../lib/toast-store.ts'
import { stopAnswers } from './running-answers.ts'
import type { NewMessage } from './thread-actions.ts'
import type { ThreadViewProps } from './thread-props.ts'

/** The most that the contract takes. */
const mostQueued = 100

/** The chat's queue. The host sends from it, so every change begins with what it has now. */
export function useMessageQueue(
  chat: Chat | null,
  onSave: ThreadViewProps['onSave'],
  onSend: (message: NewMessage) => Promise<void>,
) {
  const { t } = useTranslation()
  const latest = useRef<QueuedMessage[]>([])
  useLayoutEffect(() => {
    latest.current = chat?.queue ?? []
  }, [chat?.queue])

  async function save(queue: QueuedMessage[]): Promise<void> {
    if (chat) await onSave(chat.id, { queue })
  }

  return {
    messages: chat?.queue ?? [],
    /** Resolves with whether it was taken; if not, the person has been told why. */
    async add({ text, attachments = [] }: NewMessage): Promise<boolean> {
      if (latest.current.length >= mostQueued) {
        showToast({ failure: true, text: t('composer.queueFull', { count: mostQueued }) })
        return false
      }
      const queue = [...latest.current, { id: crypto.randomUUID(), text, attachments }]
      return save(queue).then(
        () => true,
        () => false,
      )
    },
    change(queue: QueuedMessage[]) {
      save(queue).catch(() => {})
    },
    /** Takes one out, and offers to take that back. */
    remove(message: QueuedMessage) {
      const index = latest.current.indexOf(message)
      save(latest.current.filter(({ id }) => id !== message.id)).catch(() => {})
      const undo = () => void save(latest.current.toSpliced(index, 0, message)).catch(() => {})
      showToast({ text: t('composer.queuedRemoved'), action: { label: t('common.undo'), run: undo } })
    },
    /** Stops the answer that is running; a stopped answer lets the rest of the queue wait. */
    async sendNow(message: QueuedMessage): Promise<void> {
      await stopAnswers()
      const { id: queuedId, text, attachments } = message
      if (!latest.current.some(({ id }) => id === queuedId)) return
      await onSend({ text, attachments, queuedId }).catch(showFailure)
    },
  }
}
