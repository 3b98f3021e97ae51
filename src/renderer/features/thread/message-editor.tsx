import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import { Button } from '../../components/button.tsx'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { resendMessage } from './thread-actions.ts'

interface MessageEditorProps {
  message: Message
  onClose: () => void
}

/** Writes another version of a message; the old one and its answers stay, as another branch. */
export function MessageEditor({ message, onClose }: MessageEditorProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(message.text)
  const [sending, setSending] = useState(false)

  async function send() {
    if (text.trim() === '' || sending) return
    setSending(true)
    if (await resendMessage(message.id, text.trimEnd())) onClose()
    else setSending(false)
  }
  const keys = useTextInputKeys({ onSubmit: () => void send(), onCancel: onClose })

  return (
    <div
      className="mb-6 flex flex-col gap-2 rounded-surface border border-line bg-raised p-2
        focus-within:border-accent"
    >
      <textarea
        autoFocus
        aria-label={t('thread.editedText')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onFocus={(event) => event.target.setSelectionRange(text.length, text.length)}
        className="field-sizing-content max-h-[40dvh] w-full resize-none bg-transparent px-2 py-1 text-reading
          outline-none"
        {...keys}
      />
      <div className="flex justify-end gap-2 text-interface">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="primary" disabled={text.trim() === '' || sending} onClick={() => void send()}>
          {t('thread.send')}
        </Button>
      </div>
    </div>
  )
}
