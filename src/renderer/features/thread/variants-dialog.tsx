/** Asks which models or settings are to answer: a new message, or one that was sent, once more. */
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Variant } from '../../../shared/contract/generation.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { answerMessage } from './thread-actions.ts'
import type { ThreadDialog } from './thread-dialogs-store.ts'
import { useThreadHost } from './thread-host.ts'
import { VariantForm } from './variant-form.tsx'
import type { VariantDraft } from './variant-form.tsx'

/** The most that the contract takes. */
const mostVariants = 3
const asInChat: VariantDraft = { modelId: null, presetId: null, systemPrompt: null, sampling: {} }

interface VariantsDialogProps {
  of: Extract<ThreadDialog, { type: 'variants' }>['of']
  onClose: () => void
}

export default function VariantsDialog({ of, onClose }: VariantsDialogProps) {
  const { t } = useTranslation()
  const unsent = 'text' in of ? of : null
  const presets = useThreadHost(({ host }) => host?.presets) ?? []
  const [text, setText] = useState(unsent?.text ?? '')
  const [drafts, setDrafts] = useState<VariantDraft[]>(unsent ? [asInChat, asInChat] : [asInChat])
  const [sending, setSending] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const keys = useTextInputKeys({})
  const count = drafts.length
  const canSend = !sending && (!unsent || text.trim() !== '')

  function variantOf({ modelId, presetId, systemPrompt, sampling }: VariantDraft): Variant {
    const preset = presets.find(({ id }) => id === presetId)
    return {
      modelId: modelId ?? undefined,
      systemPrompt: systemPrompt ?? preset?.systemPrompt ?? undefined,
      sampling: { ...preset?.sampling, ...sampling },
    }
  }

  async function send() {
    setSending(true)
    setFailure(null)
    const variants = drafts.map(variantOf)
    try {
      if ('text' in of) await of.send(text.trimEnd(), variants)
      else if (!(await answerMessage(of.userMessageId, variants))) return
      onClose()
    } catch (error) {
      setFailure(failureOf(error))
    } finally {
      setSending(false)
    }
  }

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t(unsent ? 'compare.title' : 'compare.titleAgain')}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={!canSend} onClick={() => void send()}>
            {t(unsent ? 'compare.send' : 'compare.regenerate', { count })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {unsent && (
          <>
            <p className="text-secondary">{t('compare.hint')}</p>
            <textarea
              aria-label={t('compare.message')}
              placeholder={t('thread.placeholder')}
              rows={2}
              maxLength={2_000_000}
              value={text}
              onChange={(event) => {
                setText(event.target.value)
                // What was typed here is not lost when the dialog is closed.
                unsent.onTextChange(event.target.value)
              }}
              className="field-sizing-content max-h-48 min-h-16 w-full resize-none rounded-control border border-line
                bg-page px-2.5 py-1.5 text-reading outline-none focus:border-accent"
              {...keys}
            />
          </>
        )}
        {failure && <p role="alert">{failureSentence(t, failure)}</p>}
        <div className="grid auto-rows-auto grid-cols-[repeat(auto-fit,minmax(15rem,1fr))] gap-3">
          {drafts.map((draft, index) => (
            <VariantForm
              key={index}
              number={index + 1}
              draft={draft}
              presets={presets}
              onChange={(next) => setDrafts(drafts.with(index, next))}
              onRemove={count > (unsent ? 2 : 1) ? () => setDrafts(drafts.toSpliced(index, 1)) : undefined}
            />
          ))}
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <Button disabled={count >= mostVariants} onClick={() => setDrafts([...drafts, drafts.at(-1)!])}>
            <Plus aria-hidden className="size-4" strokeWidth={1.75} />
            {t('compare.add')}
          </Button>
          {count > 1 && <p className="text-small text-secondary">{t('compare.oneAfterTheOther')}</p>}
        </div>
      </div>
    </Dialog>
  )
}
