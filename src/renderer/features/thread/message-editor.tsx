import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import { Button } from '../../components/button.tsx'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { AttachmentList } from './attachment-list.tsx'
import { resendMessage, saveVersion } from './thread-actions.ts'
import { editMessage, useThreadDialogs } from './thread-dialogs-store.ts'

/** Writes another version of a message of either role; the old one and what is below it stay, as another branch. */
export function MessageEditor({ message }: { message: Message }) {
  const { t } = useTranslation()
  const text = useThreadDialogs(({ edits }) => edits.get(message.id) ?? message.text)
  const [saving, setSaving] = useState(false)
  const isUser = message.role === 'user'
  const close = () => editMessage(message.id, null)
  const isEmpty = text.trim() === ''
  const cannotSave = isEmpty || saving
  const cannotSend = (isEmpty && message.attachments.length === 0) || saving

  async function finish(save: () => Promise<boolean>) {
    if (saving) return
    setSaving(true)
    if (await save()) close()
    else setSaving(false)
  }
  function resend() {
    if (!cannotSend) void finish(() => resendMessage(message, text.trimEnd()))
  }
  const save = () => void finish(() => saveVersion(message.id, isUser ? text.trimEnd() : text))
  // In an answer, Enter breaks the line: it is a text of many lines.
  const keys = useTextInputKeys({ onSubmit: isUser ? resend : undefined, onCancel: close })

  return (
    <div
      className="mb-6 flex flex-col gap-2 rounded-surface border border-line bg-raised p-2
        focus-within:border-accent"
    >
      <AttachmentList attachments={message.attachments} />
      <textarea
        autoFocus
        aria-label={t('thread.editedText')}
        value={text}
        onChange={(event) => editMessage(message.id, event.target.value)}
        onFocus={(event) => event.target.setSelectionRange(text.length, text.length)}
        className="field-sizing-content max-h-[40dvh] w-full resize-none bg-transparent px-2 py-1 text-reading
          outline-none"
        {...keys}
      />
      <div className="flex flex-wrap justify-end gap-2 text-interface">
        <Button onClick={close}>{t('common.cancel')}</Button>
        <Button
          look={isUser ? 'plain' : 'primary'}
          disabled={cannotSave || text === message.text}
          onClick={save}
        >
          {t(isUser ? 'message.saveOnly' : 'message.saveVersion')}
        </Button>
        {isUser && (
          <Button look="primary" disabled={cannotSend} onClick={resend}>
            {t('thread.send')}
          </Button>
        )}
      </div>
    </div>
  )
}
