import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../shared/contract/attachments.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { client } from '../../lib/client.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatNumber } from '../../lib/i18n/format.ts'
import { useCopy } from '../../lib/use-copy.ts'
import { useCall } from './use-call.ts'

/** More would be laid out for seconds; all of it can be copied. */
const shownCharacters = 200_000

interface AttachmentDialogProps {
  attachment: Attachment
  onClose: () => void
}

/** The text of an attachment. */
export default function AttachmentDialog({ attachment: { id, name }, onClose }: AttachmentDialogProps) {
  const { t } = useTranslation()
  const { value: text = '', failure } = useCall(id, (signal) => client.attachments.read({ attachmentId: id }, { signal }))
  const { copied, copy } = useCopy(text)
  const counts = { shown: formatNumber(shownCharacters), all: formatNumber(text.length) }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={name}
      footer={<Button onClick={copy}>{t(copied ? 'common.copied' : 'thread.copy')}</Button>}
    >
      {failure && <p role="alert">{failureSentence(t, failure)}</p>}
      {text.length > shownCharacters && <p className="pb-2 text-secondary">{t('composer.textOnlyPart', counts)}</p>}
      <pre aria-label={t('message.attachedText')} className="text-interface wrap-anywhere whitespace-pre-wrap">
        {text.slice(0, shownCharacters)}
      </pre>
    </Dialog>
  )
}
