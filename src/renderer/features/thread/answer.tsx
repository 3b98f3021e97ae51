import { ArrowRightToLine, Columns2, Pencil, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { AnswerBody } from './answer-body.tsx'
import { AnswerFigures } from './answer-figures.tsx'
import { BranchSwitch } from './branch-switch.tsx'
import { ComparedAnswers, useIsCompared } from './compared-answers.tsx'
import { MessageEditor } from './message-editor.tsx'
import { MessageMenu } from './message-menu.tsx'
import { withoutReasoning } from './markdown/split-reasoning.ts'
import { continueAnswer, regenerate } from './thread-actions.ts'
import { editMessage, useThreadDialogs } from './thread-dialogs-store.ts'
import { useThread } from './thread-store.ts'

/** A model's answer; answers that are compared stand side by side until the chat has gone on with one. */
export function Answer({ message }: { message: Message }) {
  const isCompared = useIsCompared(message)
  const isLast = useThread(({ path }) => path.at(-1) === message.id)
  const editing = useThreadDialogs(({ edits }) => edits.has(message.id))
  const [isSplit, setIsSplit] = useState<boolean | null>(null)
  if (editing) return <MessageEditor message={message} />
  if (isCompared && (isSplit ?? isLast)) {
    return <ComparedAnswers message={message} onFold={() => setIsSplit(false)} />
  }
  return <SingleAnswer message={message} isLast={isLast} onSplit={isCompared ? () => setIsSplit(true) : undefined} />
}

interface SingleAnswerProps {
  message: Message
  isLast: boolean
  /** Missing where there is nothing to compare it with. */
  onSplit: (() => void) | undefined
}

function SingleAnswer({ message, isLast, onSplit }: SingleAnswerProps) {
  const { t } = useTranslation()
  const running = message.status === 'running'
  return (
    <>
      <AnswerBody message={message} />
      {isLast && wasCut(message) && (
        <Button className="mt-2 text-interface" onClick={() => void continueAnswer(message.id)}>
          <ArrowRightToLine aria-hidden className="size-4" strokeWidth={1.75} />
          {t('message.continue')}
        </Button>
      )}
      <div className="mt-2 flex h-6 items-center gap-0.5">
        {!running && (
          <>
            {message.runCard && <AnswerFigures card={message.runCard} />}
            {message.status === 'stopped' && !message.runCard && (
              <span className="text-small leading-6 text-secondary">{t('thread.stopReason.stopped')}</span>
            )}
            <div className={message.status === 'complete' || message.status === 'stopped' ? 'message-actions' : 'flex'}>
              <CopyButton text={withoutReasoning(message.text)} label={t('thread.copy')} className="size-6!" />
              <IconButton
                label={t('thread.regenerate')}
                icon={RotateCcw}
                className="size-6!"
                onClick={() => void regenerate(message.id)}
              />
              <IconButton
                label={t('message.editAnswer')}
                icon={Pencil}
                className="size-6!"
                onClick={() => editMessage(message.id, message.text)}
              />
              {onSplit && (
                <IconButton label={t('compare.sideBySide')} icon={Columns2} className="size-6!" onClick={onSplit} />
              )}
              <MessageMenu message={message} />
            </div>
          </>
        )}
        <BranchSwitch messageId={message.id} parentId={message.parentId} />
      </div>
    </>
  )
}

/** It ended before the model ended it, so the model can go on. */
export function wasCut({ status, text, runCard }: Message): boolean {
  if (text === '' || status === 'running') return false
  return status !== 'complete' || Boolean(runCard?.stopReason && runCard.stopReason !== 'end')
}
