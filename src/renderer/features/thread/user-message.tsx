import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { BranchSwitch } from './branch-switch.tsx'
import { MessageEditor } from './message-editor.tsx'
import { useRenderCount } from './use-render-count.ts'

/** What the person wrote, as it was written. */
export function UserMessage({ message }: { message: Message }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  useRenderCount(message.id)
  if (editing) return <MessageEditor message={message} onClose={() => setEditing(false)} />
  return (
    <div className="flex flex-col items-end">
      <div
        data-selectable
        className="max-w-[85%] rounded-surface bg-raised px-4 py-2.5 text-reading wrap-anywhere whitespace-pre-wrap"
      >
        {message.text}
      </div>
      <div className="flex h-6 items-center gap-1">
        <div className="message-actions">
          <CopyButton text={message.text} label={t('thread.copy')} className="size-6!" />
          <IconButton label={t('thread.edit')} icon={Pencil} className="size-6!" onClick={() => setEditing(true)} />
        </div>
        <BranchSwitch messageId={message.id} parentId={message.parentId} />
      </div>
    </div>
  )
}
