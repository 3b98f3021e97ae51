/**
 * The exact prompt, of the next message or of a past answer: its parts and every token. Only the tokens in
 * sight are in the page, so that a prompt of any length opens at once.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PromptPart, PromptPartKind } from '../../../shared/contract/generation.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { client } from '../../lib/client.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { loadModel, useModels } from '../../lib/models-store.ts'
import { useCopy } from '../../lib/use-copy.ts'
import { PromptParts } from './prompt-parts.tsx'
import { PromptTokens } from './prompt-tokens.tsx'
import type { ThreadDialog } from './thread-dialogs-store.ts'
import { useThreadHost } from './thread-host.ts'
import { useThread } from './thread-store.ts'
import { joinedTokens } from './token-pieces.ts'
import { useCall } from './use-call.ts'

interface PromptDialogProps {
  of: Extract<ThreadDialog, { type: 'prompt' }>['of']
  onClose: () => void
}

export default function PromptDialog({ of, onClose }: PromptDialogProps) {
  const { t } = useTranslation()
  const isNext = 'unsent' in of
  const call = useCall(JSON.stringify(of), (signal) =>
    client.generation.inspectPrompt(
      isNext ? { of: 'next', ...of.unsent } : { of: 'answer', answerId: of.answerId },
      { signal },
    ),
  )
  const prompt = call.value
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t(isNext ? 'prompt.ofNext' : 'prompt.ofAnswer')}
      footer={prompt && <CopyText parts={prompt.parts} />}
    >
      {call.failure && <p role="alert">{failureSentence(t, call.failure)}</p>}
      {prompt === undefined && !call.failure && <p className="text-secondary">{t('prompt.loading')}</p>}
      {prompt === null && <NotLoaded answerId={isNext ? null : of.answerId} onLoaded={call.again} />}
      {prompt && (
        <div className="grid h-full grid-cols-[18rem_minmax(0,1fr)] gap-5 max-[48rem]:flex max-[48rem]:flex-col">
          <div className="min-w-0">
            <p className="pb-2 text-secondary">{prompt.modelName}</p>
            <PromptParts count={{ ...prompt, parts: countsOf(prompt.parts) }} />
          </div>
          <PromptTokens parts={prompt.parts} />
        </div>
      )}
    </Dialog>
  )
}

function countsOf(parts: readonly PromptPart[]): Partial<Record<PromptPartKind, number>> {
  const counts: Partial<Record<PromptPartKind, number>> = {}
  for (const { kind, tokens } of parts) counts[kind] = (counts[kind] ?? 0) + tokens.length
  return counts
}

function CopyText({ parts }: { parts: readonly PromptPart[] }) {
  const { t } = useTranslation()
  const { copied, copy } = useCopy(() => joinedTokens(parts.flatMap(({ tokens }) => tokens.map(({ text }) => text))))
  return <Button onClick={copy}>{t(copied ? 'common.copied' : 'prompt.copyText')}</Button>
}

interface NotLoadedProps {
  /** null = the next message, whose model is the chat's. */
  answerId: string | null
  onLoaded: () => void
}

/** Its model has to be there to show a prompt. */
function NotLoaded({ answerId, onLoaded }: NotLoadedProps) {
  const { t } = useTranslation()
  const [loading, setLoading] = useState(false)
  const card = useThread(({ messages }) => (answerId ? messages.get(answerId)?.runCard : null))
  const chatModel = useThreadHost(({ host }) => host?.model)
  const wanted = card?.model ?? chatModel
  const model = useModels(({ models }) => (wanted ? models?.get(wanted.id) : undefined))
  const load = useModels(({ loads }) => (wanted ? loads[wanted.id] : undefined))
  const name = wanted?.name ?? t('prompt.noName')
  if (!model) return <p>{t('prompt.modelGone', { model: name })}</p>
  const isLoading = loading || load?.state === 'loading'

  async function onLoad() {
    setLoading(true)
    await loadModel(model!.id, { instead: true })
    setLoading(false)
    onLoaded()
  }
  return (
    <div className="flex flex-col items-start gap-3">
      <p>{t('prompt.notLoaded', { model: name })}</p>
      <Button look="primary" disabled={isLoading} onClick={() => void onLoad()}>
        {t('prompt.loadModel', { model: name })}
      </Button>
    </div>
  )
}
