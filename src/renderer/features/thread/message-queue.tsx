import { ArrowDown, ArrowUp, Pencil, SendHorizontal, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { QueuedMessage } from '../../../shared/contract/chats.ts'
import { IconButton } from '../../components/icon-button.tsx'

interface MessageQueueProps {
  queue: readonly QueuedMessage[]
  running: boolean
  onChange: (queue: QueuedMessage[]) => void
  /** Puts it back into the composer. */
  onEdit: (message: QueuedMessage) => void
  onSendNow: (message: QueuedMessage) => void
  onRemove: (message: QueuedMessage) => void
}

/** What was written while an answer was running, in the order it will be sent. */
export function MessageQueue(props: MessageQueueProps) {
  const { queue, running, onChange, onEdit, onSendNow, onRemove } = props
  const { t } = useTranslation()
  if (queue.length === 0) return null

  function move(index: number, by: 1 | -1) {
    const next = queue.slice()
    next.splice(index + by, 0, ...next.splice(index, 1))
    onChange(next)
  }
  return (
    <section aria-label={t('composer.queue')} className="pb-2">
      <p className="px-2 pb-1 text-small text-secondary">{t(running ? 'composer.queueWaits' : 'composer.queueRests')}</p>
      <ol className="flex max-h-40 flex-col gap-1 overflow-y-auto">
        {queue.map((message, index) => (
          <li
            key={message.id}
            className="flex h-8 items-center gap-0.5 rounded-control border border-line bg-raised ps-2.5 pe-1"
          >
            <span className="min-w-0 flex-1 truncate">{message.text}</span>
            {message.attachments.length > 0 && (
              <span className="shrink-0 px-1 text-small text-secondary">
                {t('composer.attachmentCount', { count: message.attachments.length })}
              </span>
            )}
            <IconButton
              label={t('composer.moveUp')}
              icon={ArrowUp}
              side="top"
              className="size-6!"
              disabled={index === 0}
              onClick={() => move(index, -1)}
            />
            <IconButton
              label={t('composer.moveDown')}
              icon={ArrowDown}
              side="top"
              className="size-6!"
              disabled={index === queue.length - 1}
              onClick={() => move(index, 1)}
            />
            <IconButton
              label={t('composer.editQueued')}
              icon={Pencil}
              side="top"
              className="size-6!"
              onClick={() => onEdit(message)}
            />
            <IconButton
              label={t(running ? 'composer.stopAndSend' : 'composer.sendNow')}
              icon={SendHorizontal}
              side="top"
              className="size-6!"
              onClick={() => onSendNow(message)}
            />
            <IconButton
              label={t('composer.removeQueued')}
              icon={X}
              side="top"
              className="size-6!"
              onClick={() => onRemove(message)}
            />
          </li>
        ))}
      </ol>
    </section>
  )
}
