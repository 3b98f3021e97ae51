/**
 * One text that the model continues: for base models, which know no conversation. The path of
 * messages is the text, piece by piece: what the person wrote, and what the model added. What the
 * person changes in it is the chat's draft until it is continued; a change at the end goes on below
 * the last piece, any other begins a new version of the whole text, and the old one stays.
 */
import { ArrowUp, RotateCcw, Square } from 'lucide-react'
import { useLayoutEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { client } from '../../lib/client.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'
import { AnswerFigures } from './answer-figures.tsx'
import { AnswerPhase, AnswerTrouble } from './answer-state.tsx'
import { BranchSwitch } from './branch-switch.tsx'
import { CompletionText } from './completion-text.tsx'
import type { TextPiece } from './completion-text.tsx'
import { ContextGauge } from './context-gauge.tsx'
import { MessageMenu } from './message-menu.tsx'
import { useRuns } from './runs-store.ts'
import { regenerate, stopAnswer } from './thread-actions.ts'
import { showThreadDialog } from './thread-dialogs-store.ts'
import { ThreadDialogs } from './thread-dialogs.tsx'
import { useThreadHost } from './thread-host.ts'
import { useThread } from './thread-store.ts'
import type { ThreadViewProps } from './thread-props.ts'
import { useFollowBottom } from './use-follow-bottom.ts'
import { useFollowRun } from './use-follow-run.ts'
import { useCountBasis, usePromptCount } from './use-prompt-count.ts'

export function CompletionView(props: ThreadViewProps) {
  const { chat, ensureChat, onSave, model, load } = props
  const { t } = useTranslation()
  const { pieces, path } = usePieces()
  useLayoutEffect(() => useThreadHost.setState({ host: props }))
  const written = pieces.map(({ text }) => text).join('')
  const last = path.at(-1) ?? null
  const running = last?.status === 'running' ? last : null
  useFollowRun(running)
  const phase = useRuns((runs) => (running ? (runs.get(running.id)?.phase ?? null) : null))
  const draft = useSavedEdit(chat?.draft ?? '', async (text) => {
    const { id } = await ensureChat()
    await onSave(id, { draft: text })
  })
  /** What was sent and does not stand in the path yet. */
  const [sent, setSent] = useState<string | null>(null)
  const { scroller, content, toBottom } = useFollowBottom()

  const text = running ? written : (sent ?? (draft.value || written))
  const goesOn = last !== null && text.startsWith(written)
  const parentId = goesOn ? last.id : null
  const added = goesOn ? text.slice(written.length) : text
  const count = usePromptCount({
    chatId: chat?.id ?? null,
    parentId,
    text: added,
    basis: useCountBasis(chat, model, load, running !== null),
  })
  const canContinue = text.trim() !== '' && !running && sent === null

  async function goOn() {
    if (!canContinue) return
    setSent(text)
    try {
      const { id: chatId } = await ensureChat()
      await client.generation.send({ chatId, parentId, text: added })
      draft.change('')
      draft.flush()
      toBottom()
    } catch (error) {
      showFailure(error)
    } finally {
      setSent(null)
    }
  }

  async function showPrompt() {
    const { id: chatId } = await ensureChat()
    showThreadDialog({ type: 'prompt', of: { unsent: { chatId, parentId, text: added, attachments: [] } } })
  }

  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{t('thread.completion')}</h1>
      <div ref={scroller} className="thread-scroller min-h-0 flex-1 overflow-y-auto">
        <div ref={content} className="mx-auto flex min-h-full max-w-[50.5rem] flex-col px-6 pt-4 pb-6">
          <CompletionText
            text={text}
            pieces={pieces}
            readOnly={running !== null || sent !== null}
            onChange={(next) => draft.change(next === written ? '' : next === '' ? '\n' : next)}
            onLeave={draft.flush}
            onSubmit={() => void goOn()}
            onCancel={running ? () => void stopAnswer(running.id) : undefined}
          />
          {running && pieces.at(-1)?.text === '' && <AnswerPhase phase={phase} />}
          {last && !running && <AnswerTrouble message={last} />}
        </div>
      </div>
      <div className="mx-auto flex w-full max-w-[50.5rem] flex-wrap items-center gap-2 px-6 pt-2 pb-4">
        {last?.runCard && <AnswerFigures card={last.runCard} />}
        {last && !running && (
          <>
            <IconButton
              label={t('thread.otherContinuation')}
              icon={RotateCcw}
              className="size-6!"
              onClick={() => void regenerate(last.id)}
            />
            {last.role === 'assistant' && <MessageMenu message={last} />}
            <BranchSwitch messageId={last.id} parentId={last.parentId} />
          </>
        )}
        {path[0] && <Versions root={path[0]} />}
        <div className="ms-auto flex items-center gap-1">
          <ContextGauge
            count={count}
            running={running !== null}
            policy={chat?.contextPolicy ?? null}
            onPolicyChange={
              chat ? (contextPolicy) => void onSave(chat.id, { contextPolicy }).catch(() => {}) : undefined
            }
            onShowPrompt={() => void showPrompt()}
          />
          {running ? (
            <Button onClick={() => void stopAnswer(running.id)}>
              <Square aria-hidden className="size-3 fill-current" />
              {t('thread.stop')}
            </Button>
          ) : (
            <Button look="primary" disabled={!canContinue} onClick={() => void goOn()}>
              <ArrowUp aria-hidden className="size-4" strokeWidth={2} />
              {t('thread.continueText')}
            </Button>
          )}
        </div>
      </div>
      <ThreadDialogs />
    </main>
  )
}

function Versions({ root }: { root: Message }) {
  const { t } = useTranslation()
  const count = useThread(({ children }) => children.get(null)?.length ?? 0)
  if (count < 2) return null
  return (
    <span className="flex items-center gap-1 text-small text-secondary">
      {t('thread.textVersions')}
      <BranchSwitch messageId={root.id} parentId={null} />
    </span>
  )
}

/** The text that is shown, and who wrote what of it. */
function usePieces(): { pieces: TextPiece[]; path: Message[] } {
  const ids = useThread((thread) => thread.path)
  const messages = useThread((thread) => thread.messages)
  const path = ids.map((id) => messages.get(id)).filter((message) => message !== undefined)
  const growing = useRuns((runs) => runs.get(path.at(-1)?.id ?? '')?.text)
  const pieces = path.map(({ role, text, status }) => ({
    isModel: role === 'assistant',
    text: status === 'running' ? (growing ?? text) : text,
  }))
  return { pieces, path }
}
