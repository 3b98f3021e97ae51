import { Pencil, Sparkle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { AttachmentList } from './attachment-list.tsx'
import { BranchSwitch } from './branch-switch.tsx'
import { MessageEditor } from './message-editor.tsx'
import { MessageMenu } from './message-menu.tsx'
import { answerMessage } from './thread-actions.ts'
import { editMessage, useThreadDialogs } from './thread-dialogs-store.ts'
import { useThread } from './thread-store.ts'
import { useRenderCount } from './use-render-count.ts'

/** What the person wrote, as it was written. */
export function UserMessage({ message }: { message: Message }) {
  const { t } = useTranslation()
  const editing = useThreadDialogs(({ edits }) => edits.has(message.id))
  const isLast = useThread(({ path }) => path.at(-1) === message.id)
  useRenderCount(message.id)
  if (editing) return <MessageEditor message={message} />
  return (
    <div className="flex flex-col items-end">
      <AttachmentList attachments={message.attachments} className="max-w-[85%] justify-end pb-1.5" />
      {message.text !== '' && (
        <div
          data-selectable
          className="max-w-[85%] rounded-surface bg-raised px-4 py-2.5 text-reading wrap-anywhere whitespace-pre-wrap"
        >
          {message.text}
        </div>
      )}
      <div className="flex h-6 items-center gap-1">
        <div className="message-actions">
          <CopyButton text={message.text} label={t('thread.copy')} className="size-6!" />
          <IconButton
            label={t('thread.edit')}
            icon={Pencil}
            className="size-6!"
            onClick={() => editMessage(message.id, message.text)}
          />
          <MessageMenu message={message} />
        </div>
        <BranchSwitch messageId={message.id} parentId={message.parentId} />
      </div>
      {isLast && (
        <Button className="my-2 text-interface" onClick={() => void answerMessage(message.id)}>
          <Sparkle aria-hidden className="size-4" strokeWidth={1.75} />
          {t('message.getAnswer')}
        </Button>
      )}
    </div>
  )
}
