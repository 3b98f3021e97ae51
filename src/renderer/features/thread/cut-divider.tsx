import { Pencil, Scissors } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContextCut, Message } from '../../../shared/contract/chats.ts'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { client } from '../../lib/client.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { editMessage, useThreadDialogs } from './thread-dialogs-store.ts'
import { useThread } from './thread-store.ts'

/** Below the last message that the prompt of the latest answer leaves out: that it does, and what stands in its place. */
export function CutDivider({ message }: { message: Message }) {
  const { t } = useTranslation()
  const cut = useThread(({ messages, path }): ContextCut | null => {
    const latest = path.findLast((id) => messages.get(id)?.runCard)
    const found = latest === undefined ? null : messages.get(latest)!.runCard!.cut
    return found?.toMessageId === message.id ? found : null
  })
  if (!cut && !message.summary) return null
  return (
    <div className="flex flex-col gap-3 pt-2 pb-6 text-small text-secondary">
      {cut && (
        <p role="separator" className="flex items-center gap-2 before:h-px before:flex-1 before:bg-line after:h-px
          after:flex-1 after:bg-line">
          <Scissors aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />
          {t('prompt.divider', { count: cut.messageCount })}
        </p>
      )}
      {message.summary && <SummaryNote message={message} summary={message.summary} />}
    </div>
  )
}

interface SummaryNoteProps {
  message: Message
  summary: NonNullable<Message['summary']>
}

function SummaryNote({ message, summary }: SummaryNoteProps) {
  const { t } = useTranslation()
  const key = `summary ${message.id}`
  const edited = useThreadDialogs(({ edits }) => edits.get(key))
  const [saving, setSaving] = useState(false)
  const close = () => editMessage(key, null)
  const keys = useTextInputKeys({ onCancel: close })

  async function save() {
    if (!edited?.trim()) return
    setSaving(true)
    await client.chats.editSummary({ messageId: message.id, text: edited.trim() }).then(close, showFailure)
    setSaving(false)
  }
  return (
    <section aria-label={t('prompt.summaryText')} className="rounded-surface border border-dashed border-line px-4 py-3">
      <h3 className="flex items-center gap-2">
        <span className="flex-1">
          {t(summary.isEdited ? 'prompt.summaryEdited' : 'prompt.summaryBy', { model: summary.modelName })}
        </span>
        {edited === undefined && (
          <IconButton
            label={t('prompt.editSummary')}
            icon={Pencil}
            className="size-6!"
            onClick={() => editMessage(key, summary.text)}
          />
        )}
      </h3>
      {edited === undefined ? (
        <p className="text-interface wrap-anywhere whitespace-pre-wrap text-text" data-selectable>
          {summary.text}
        </p>
      ) : (
        <>
          <textarea
            autoFocus
            aria-label={t('prompt.summaryText')}
            maxLength={200_000}
            value={edited}
            onChange={(event) => editMessage(key, event.target.value)}
            className="my-1 field-sizing-content max-h-[40dvh] w-full resize-none rounded-control border border-line
              bg-page px-2 py-1 text-interface text-text outline-none focus:border-accent"
            {...keys}
          />
          <div className="flex justify-end gap-2 text-interface text-text">
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button look="primary" disabled={saving || edited.trim() === ''} onClick={() => void save()}>
              {t('prompt.save')}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
