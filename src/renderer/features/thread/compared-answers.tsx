import { Check, Minimize2, Square } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { useModels } from '../../lib/models-store.ts'
import { AnswerBody } from './answer-body.tsx'
import { AnswerFigures } from './answer-figures.tsx'
import { MessageMenu } from './message-menu.tsx'
import { showBranch, stopAnswer } from './thread-actions.ts'
import { useThread } from './thread-store.ts'
import { useVariantModels } from './variant-models-store.ts'

/** Whether an answer has others beside it that it is to be compared with. */
export function useIsCompared({ role, parentId }: Message): boolean {
  return useThread(({ messages, children }) => {
    const isCompared = role === 'assistant' && parentId !== null && messages.get(parentId)?.isCompared
    return Boolean(isCompared) && (children.get(parentId)?.length ?? 0) > 1
  })
}

interface ComparedAnswersProps {
  /** The one that the chat goes on with. */
  message: Message
  onFold: () => void
}

/** All answers to one message in columns. Where they do not fit, the row scrolls. */
export function ComparedAnswers({ message, onFold }: ComparedAnswersProps) {
  const { t } = useTranslation()
  const ids = useThread(({ children }) => children.get(message.parentId))
  const messages = useThread((thread) => thread.messages)
  const answers = useMemo(
    () => (ids ?? []).map((id) => messages.get(id)).filter((answer) => answer !== undefined),
    [ids, messages],
  )
  return (
    <>
      <div
        role="group"
        aria-label={t('compare.answers')}
        tabIndex={0}
        className="-mx-1 grid snap-x auto-cols-[minmax(15rem,1fr)] grid-flow-col gap-3 overflow-x-auto px-1 pb-2"
      >
        {answers.map((answer, index) => (
          <Column key={answer.id} answer={answer} number={index + 1} isChosen={answer.id === message.id} />
        ))}
      </div>
      <div className="flex h-6 justify-end">
        <IconButton label={t('compare.onlyChosen')} icon={Minimize2} className="size-6!" onClick={onFold} />
      </div>
    </>
  )
}

interface ColumnProps {
  answer: Message
  number: number
  isChosen: boolean
}

function Column({ answer, number, isChosen }: ColumnProps) {
  const { t } = useTranslation()
  const running = answer.status === 'running'
  const modelId = useVariantModels((models) => models.get(answer.id))
  const startedName = useModels(({ models }) => (modelId ? models?.get(modelId)?.name : undefined))
  const name = answer.runCard?.model.name ?? startedName
  const label = t('compare.variant', { number })
  return (
    <section
      aria-label={name ? `${label}: ${name}` : label}
      className={`flex min-w-0 snap-start flex-col rounded-surface border p-3
        ${isChosen ? 'border-accent' : 'border-line'}`}
    >
      <h3 className="flex h-7 items-center gap-2 text-interface">
        <span className="min-w-0 flex-1 truncate font-semibold">{name ?? label}</span>
        {running && (
          <IconButton
            label={t('compare.stop')}
            icon={Square}
            className="size-6!"
            onClick={() => void stopAnswer(answer.id)}
          />
        )}
      </h3>
      <div className="min-w-0 flex-1 pb-2">
        <AnswerBody message={answer} />
      </div>
      <div className="flex min-h-6 min-w-0 items-center text-interface">
        {answer.runCard && <AnswerFigures card={answer.runCard} />}
      </div>
      <div className="flex items-center gap-0.5 pt-1 text-interface">
        {isChosen ? (
          <p className="flex h-8 min-w-0 flex-1 items-center gap-1.5 text-small">
            <Check aria-hidden className="size-4 shrink-0 text-accent" strokeWidth={1.75} />
            {t('compare.chosen')}
          </p>
        ) : (
          <Button className="me-auto" onClick={() => void showBranch(answer.id)}>
            {t('compare.goOn')}
          </Button>
        )}
        {!running && (
          <>
            <CopyButton text={answer.text} label={t('thread.copy')} className="size-6!" />
            <MessageMenu message={answer} />
          </>
        )}
      </div>
    </section>
  )
}
