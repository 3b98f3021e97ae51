import { RotateCcw } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { AnswerFigures } from './answer-figures.tsx'
import { AnswerPhase, AnswerTrouble } from './answer-state.tsx'
import { BranchSwitch } from './branch-switch.tsx'
import { Markdown } from './markdown/markdown.tsx'
import { splitBlocks } from './markdown/split-blocks.ts'
import { useRuns } from './runs-store.ts'
import { regenerate } from './thread-actions.ts'
import { useFollowRun } from './use-follow-run.ts'
import { useRenderCount } from './use-render-count.ts'

/** A model's answer: growing, or done. */
export function Answer({ message }: { message: Message }) {
  const { t } = useTranslation()
  const running = message.status === 'running'
  const run = useRuns((runs) => (running ? runs.get(message.id) : undefined))
  const savedBlocks = useMemo(() => splitBlocks(message.text), [message.text])
  const blocks = run?.blocks ?? savedBlocks
  useFollowRun(message)
  useRenderCount(message.id)
  return (
    <>
      {blocks.length > 0 && <Markdown blocks={blocks} growing={running} />}
      {blocks.length === 0 && running && <AnswerPhase phase={run?.phase ?? null} />}
      {message.status === 'complete' && message.text === '' && <p className="text-secondary">{t('thread.noText')}</p>}
      <AnswerTrouble message={message} />
      <div className="mt-2 flex h-6 items-center gap-0.5">
        {!running && (
          <>
            {message.runCard && <AnswerFigures card={message.runCard} />}
            {message.status === 'stopped' && !message.runCard && (
              <span className="text-small leading-6 text-secondary">{t('thread.stopReason.stopped')}</span>
            )}
            <div className={message.status === 'complete' || message.status === 'stopped' ? 'message-actions' : 'flex'}>
              <CopyButton text={message.text} label={t('thread.copy')} className="size-6!" />
              <IconButton
                label={t('thread.regenerate')}
                icon={RotateCcw}
                className="size-6!"
                onClick={() => void regenerate(message.id)}
              />
            </div>
          </>
        )}
        <BranchSwitch messageId={message.id} parentId={message.parentId} />
      </div>
    </>
  )
}
