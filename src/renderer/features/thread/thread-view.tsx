import { ArrowDown } from 'lucide-react'
import { useEffect, useLayoutEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/icon-button.tsx'
import { useShortcuts } from '../../lib/shortcut.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { CompletionView } from './completion-view.tsx'
import { Composer } from './composer.tsx'
import { FindBar } from './find-bar.tsx'
import { closeFind, openFind, useFind } from './find-store.ts'
import { MessageList } from './message-list.tsx'
import { sendMessage } from './thread-actions.ts'
import type { NewMessage } from './thread-actions.ts'
import type { ThreadViewProps } from './thread-props.ts'
import { followThread, showThread, useThread } from './thread-store.ts'
import { useFollowBottom } from './use-follow-bottom.ts'
import { useMessageRows } from './use-message-rows.ts'
import { useMarks } from './use-marks.ts'
import { useReveal } from './use-reveal.ts'
import { useGoToShownMessage } from './use-shown-message.ts'
import { Welcome } from './welcome.tsx'
import './thread.css'

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

const noMessages: readonly string[] = []

const modeOf = { chat: 'chat', base: 'completion' } as const

function OpenThread(props: ThreadViewProps) {
  const { chat, ensureChat, model, onLoadModel, firstModel } = props
  const { t } = useTranslation()
  const shown = useThread(({ chatId }) => chatId === (chat?.id ?? null))
  const loaded = useThread((thread) => thread.loaded)
  const path = useThread((thread) => thread.path)
  const { scroller, content, following, atBottom, keep, toBottom } = useFollowBottom()
  const rows = useMessageRows({ path: shown ? path : noMessages, scroller, following, onHeights: keep })
  const reveal = useReveal({ rows, scroller, followingRef: following })
  useMarks(scroller)
  useGoToShownMessage(chat?.id ?? null, reveal)
  const finding = useFind(({ isOpen }) => isOpen)
  useShortcuts({ f: openFind })
  useEffect(() => closeFind, [])

  async function send(message: NewMessage) {
    await sendMessage(await ensureChat(), message)
    toBottom()
  }

  const isEmpty = shown && loaded && path.length === 0 && !chat?.activeLeafId
  return (
    <main className="relative flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{t('thread.label')}</h1>
      <div className="relative min-h-0 flex-1">
        <div ref={scroller} tabIndex={0} className="thread-scroller h-full overflow-y-auto outline-offset-[-2px]">
          <div ref={content} className="mx-auto flex min-h-full max-w-[50.5rem] flex-col px-6">
            <MessageList path={shown ? path : noMessages} rows={rows} onReveal={(id) => void reveal(id)} />
            {isEmpty && (
              <Welcome
                model={model}
                onLoadModel={onLoadModel}
                onSuggestion={(text) => void send({ text }).catch(showFailure)}
              >
                {firstModel}
              </Welcome>
            )}
          </div>
        </div>
        {finding && (
          <FindBar
            firstInSight={() => rows.getVirtualItemForOffset(rows.scrollOffset ?? 0)?.key.toString() ?? null}
            onShow={(id) => reveal(id, { focus: false })}
          />
        )}
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
      <Composer {...props} onSend={send} />
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
