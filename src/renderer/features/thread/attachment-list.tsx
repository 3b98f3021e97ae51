import { FileText, TextCursorInput, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../shared/contract/attachments.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { formatSize } from '../../lib/i18n/format.ts'
import { showThreadDialog } from './thread-dialogs-store.ts'

interface AttachmentListProps {
  attachments: readonly Attachment[]
  tokens?: ReadonlyMap<string, number>
  /** Names of files that are being read. */
  reading?: readonly string[]
  onInsert?: (attachment: Attachment) => void
  onRemove?: (attachment: Attachment) => void
  className?: string
}

/** Texts that go with a message. A click shows one. */
export function AttachmentList(props: AttachmentListProps) {
  const { attachments, tokens, reading = [], onInsert, onRemove, className = '' } = props
  const { t } = useTranslation()
  if (attachments.length === 0 && reading.length === 0) return null
  return (
    <ul aria-label={t('composer.attachments')} className={`flex flex-wrap gap-1.5 ${className}`}>
      {attachments.map((attachment) => (
        <Chip key={attachment.id}>
          <button
            type="button"
            aria-haspopup="dialog"
            onClick={() => showThreadDialog({ type: 'attachment', attachment })}
            className="flex h-7 min-w-0 items-center gap-1.5 rounded-small px-1.5 hover:bg-hover"
          >
            <FileText aria-hidden className="size-4 shrink-0 text-secondary" strokeWidth={1.75} />
            <span className="truncate">{attachment.name}</span>
            <span className="shrink-0 text-small text-secondary">{sizeOf(attachment)}</span>
          </button>
          {onInsert && (
            <IconButton
              label={t('composer.insert', { name: attachment.name })}
              icon={TextCursorInput}
              side="top"
              className="size-6!"
              onClick={() => onInsert(attachment)}
            />
          )}
          {onRemove && (
            <IconButton
              label={t('composer.removeAttachment', { name: attachment.name })}
              icon={X}
              side="top"
              className="size-6!"
              onClick={() => onRemove(attachment)}
            />
          )}
        </Chip>
      ))}
      {reading.map((name, index) => (
        <Chip key={`${index} ${name}`}>
          <span className="truncate px-1.5 text-secondary">{t('composer.reading', { name })}</span>
        </Chip>
      ))}
    </ul>
  )

  function sizeOf({ id, sizeBytes }: Attachment): string {
    const count = tokens?.get(id)
    const size = formatSize(sizeBytes)
    return count === undefined ? size : t('composer.sizeAndTokens', { size, count })
  }
}

function Chip({ children }: { children: ReactNode }) {
  return (
    <li className="flex h-8 max-w-full min-w-0 items-center gap-0.5 rounded-control border border-line bg-page px-0.5
      text-interface">
      {children}
    </li>
  )
}
