import { ArrowUp, Square, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../../shared/contract/chats.ts'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { Tooltip } from '../../components/tooltip.tsx'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatNumber } from '../../lib/i18n/format.ts'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { ContextRing, nearlyFull } from './context-ring.tsx'
import { stopAnswer } from './thread-actions.ts'
import { useThread } from './thread-store.ts'
import { usePromptCount } from './use-prompt-count.ts'
import type { PromptCount } from './use-prompt-count.ts'

/** The most that the contract takes. */
const mostCharacters = 2_000_000

interface ComposerProps {
  chat: Chat | null
  ensureChat(): Promise<Chat>
  onSave(chatId: string, changes: { draft: string }): Promise<void>
  model: Model | null
  load: LoadState
  /** Rejects when the message was not taken; the text then stays here. */
  onSend(text: string): Promise<void>
}

/** Where the person writes. What stands here is saved with the chat until it is sent. */
export function Composer({ chat, ensureChat, onSave, model, load, onSend }: ComposerProps) {
  const { t } = useTranslation()
  const input = useRef<HTMLTextAreaElement>(null)
  const [sending, setSending] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const draft = useSavedEdit(chat?.draft ?? '', async (text) => {
    const { id } = chat ?? (await ensureChat())
    await onSave(id, { draft: text })
  })
  const runningId = useRunningAnswer()
  const isReady = load.state === 'ready' && runningId === null
  const count = usePromptCount({
    chatId: chat?.id ?? null,
    parentId: chat?.activeLeafId ?? null,
    text: draft.value,
    basis: isReady ? `${model?.id} ${load.runtime.contextSize} ${chat?.systemPrompt}` : null,
  })

  // A chat that was just opened is there to be written in.
  useEffect(() => {
    if (!document.activeElement?.matches('input, textarea, [role=dialog] *')) input.current?.focus()
  }, [])

  async function send() {
    const text = draft.value.trimEnd()
    if (text === '' || sending || runningId !== null) return
    setSending(true)
    setFailure(null)
    try {
      await onSend(text)
      // What was typed meanwhile stays.
      const now = input.current?.value ?? ''
      draft.change(now.startsWith(text) ? now.slice(text.length).trimStart() : now)
      draft.flush()
    } catch (error) {
      setFailure(failureOf(error))
    } finally {
      setSending(false)
    }
  }
  const stop = () => runningId !== null && void stopAnswer(runningId)
  const keys = useTextInputKeys({ onSubmit: () => void send(), onCancel: runningId === null ? undefined : stop })

  return (
    <div className="mx-auto w-full max-w-[50.5rem] px-6 pb-4">
      <Notice failure={failure} count={draft.value.trim() === '' ? null : count} />
      <div
        className="flex items-end gap-1 rounded-surface border border-line bg-page p-1.5 transition-colors
          focus-within:border-accent"
      >
        <textarea
          ref={input}
          rows={1}
          aria-label={t('thread.message')}
          placeholder={t('thread.placeholder')}
          maxLength={mostCharacters}
          value={draft.value}
          onChange={(event) => {
            setFailure(null)
            draft.change(event.target.value)
          }}
          onBlur={draft.flush}
          className="field-sizing-content max-h-[40dvh] min-w-0 flex-1 resize-none self-center bg-transparent px-2.5 py-1
            text-reading leading-6 outline-none"
          {...keys}
        />
        <ContextRing count={count} />
        <SendButton
          running={runningId !== null}
          disabled={draft.value.trim() === '' || sending}
          onSend={() => void send()}
          onStop={stop}
        />
      </div>
    </div>
  )
}

/** The answer of this chat that is being written, on whichever branch. */
function useRunningAnswer(): string | null {
  return useThread(({ messages }) => {
    for (const { id, status } of messages.values()) if (status === 'running') return id
    return null
  })
}

interface SendButtonProps {
  running: boolean
  disabled: boolean
  onSend: () => void
  onStop: () => void
}

function SendButton({ running, disabled, onSend, onStop }: SendButtonProps) {
  const { t } = useTranslation()
  const label = t(running ? 'thread.stop' : 'thread.send')
  return (
    <Tooltip text={label} shortcut={running ? 'Esc' : 'Enter'} side="top">
      <button
        type="button"
        aria-label={label}
        disabled={disabled && !running}
        onClick={running ? onStop : onSend}
        className="grid size-8 shrink-0 place-items-center rounded-control bg-accent text-on-accent transition-opacity
          hover:opacity-90 disabled:opacity-40"
      >
        {running ? (
          <Square aria-hidden className="size-3.5 fill-current" />
        ) : (
          <ArrowUp aria-hidden className="size-4.5" strokeWidth={2} />
        )}
      </button>
    </Tooltip>
  )
}

/** Above the composer: why a message was not taken, or will not be. */
function Notice({ failure, count }: { failure: ShownFailure | null; count: PromptCount | null }) {
  const { t } = useTranslation()
  const counts = count && { used: formatNumber(count.promptTokens), size: formatNumber(count.contextSize) }
  const tooLong = count !== null && count.promptTokens >= count.contextSize
  const tight = count !== null && count.promptTokens >= count.contextSize * nearlyFull
  const text = failure
    ? failureSentence(t, failure)
    : counts && (tooLong ? t('thread.willNotFit', counts) : tight ? t('thread.nearlyFull', counts) : null)
  if (!text) return null
  return (
    <p role={failure ? 'alert' : 'status'} className="flex gap-2 px-2 pb-2" data-selectable>
      <TriangleAlert
        aria-hidden
        className={`mt-px size-4 shrink-0 ${failure || tooLong ? 'text-danger' : 'text-warning'}`}
        strokeWidth={1.75}
      />
      <span className="min-w-0 wrap-anywhere">{text}</span>
    </p>
  )
}
