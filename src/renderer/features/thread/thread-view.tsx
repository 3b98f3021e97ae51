import { ArrowDown } from 'lucide-react'
import { useDeferredValue, useEffect, useLayoutEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/icon-button.tsx'
import { showFailure } from '../../lib/show-failure.ts'
import { CompletionView } from './completion-view.tsx'
import { Composer } from './composer.tsx'
import { MessageView } from './message-view.tsx'
import { sendMessage } from './thread-actions.ts'
import type { ThreadViewProps } from './thread-props.ts'
import { followThread, showThread, useThread } from './thread-store.ts'
import { useFollowBottom } from './use-follow-bottom.ts'
import { Welcome } from './welcome.tsx'
import './thread.css'

/** Messages that fill any window. */
const shownAtOnce = 20

/** The middle of the window: the messages of one chat, and the composer below. */
export function ThreadView(props: ThreadViewProps) {
  const chatId = props.chat?.id ?? null
  const leafId = props.chat?.activeLeafId ?? null
  useLayoutEffect(() => showThread(chatId, leafId), [chatId, leafId])
  useEffect(() => {
    if (chatId === null) return
    const leaving = new AbortController()
    followThread(chatId, leaving.signal).catch(showFailure)
    return () => leaving.abort()
  }, [chatId])
  const hasMessages = useThread(({ path }) => path.length > 0) || leafId !== null
  // What is empty opens in the way its model works.
  const mode = hasMessages || !props.model ? (props.chat?.mode ?? 'chat') : modeOf[props.model.kind]
  const ensureChat = async () => {
    const chat = props.chat ?? (await props.ensureChat())
    if (chat.mode !== mode && chat.activeLeafId === null) await props.onSave(chat.id, { mode })
    return chat
  }
  const View = mode === 'completion' ? CompletionView : OpenThread
  return <View key={chatId} {...props} ensureChat={ensureChat} />
}

const modeOf = { chat: 'chat', base: 'completion' } as const

function OpenThread({ chat, ensureChat, onSave, model, load, onLoadModel, firstModel }: ThreadViewProps) {
  const { t } = useTranslation()
  const shown = useThread(({ chatId }) => chatId === (chat?.id ?? null))
  const loaded = useThread((thread) => thread.loaded)
  const path = useThread((thread) => thread.path)
  // A long thread shows its end at once; the rest is rendered behind it, without holding up the window.
  const complete = useDeferredValue(shown && loaded, false)
  const { scroller, content, atBottom, toBottom } = useFollowBottom()

  async function send(text: string) {
    await sendMessage(await ensureChat(), text)
    toBottom()
  }

  const isEmpty = shown && loaded && path.length === 0 && !chat?.activeLeafId
  return (
    <main className="relative flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{t('thread.label')}</h1>
      <div className="relative min-h-0 flex-1">
        <div ref={scroller} className="thread-scroller h-full overflow-y-auto">
          <div ref={content} className="mx-auto flex min-h-full max-w-[50.5rem] flex-col px-6">
            {/* Each word would be spoken if this were live; the end of an answer is told below. */}
            <div role="log" aria-label={t('thread.label')} aria-live="off" className="pt-4">
              {shown && (complete ? path : path.slice(-shownAtOnce)).map((id) => <MessageView key={id} id={id} />)}
            </div>
            {isEmpty && (
              <Welcome
                model={model}
                onLoadModel={onLoadModel}
                onSuggestion={(text) => void send(text).catch(showFailure)}
              >
                {firstModel}
              </Welcome>
            )}
          </div>
        </div>
        {!atBottom && (
          <IconButton
            label={t('thread.latest')}
            icon={ArrowDown}
            side="top"
            onClick={toBottom}
            className="absolute bottom-2 left-1/2 size-8! -translate-x-1/2 animate-appear rounded-full! border border-line
              bg-float shadow-float"
          />
        )}
      </div>
      <Composer chat={chat} ensureChat={ensureChat} onSave={onSave} model={model} load={load} onSend={send} />
      <AnswerAnnouncer />
    </main>
  )
}

/** Says a whole answer to a screen reader when it has ended. */
function AnswerAnnouncer() {
  const [text, setText] = useState('')
  useEffect(
    () =>
      useThread.subscribe((now, before) => {
        const id = now.path.at(-1)
        const answer = id ? now.messages.get(id) : undefined
        if (answer && answer.status !== 'running' && before.messages.get(answer.id)?.status === 'running') {
          setText(answer.text)
        }
      }),
    [],
  )
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  )
}
