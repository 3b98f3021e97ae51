import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import { AnswerPhase, AnswerTrouble } from './answer-state.tsx'
import { Markdown } from './markdown/markdown.tsx'
import { splitBlocks } from './markdown/split-blocks.ts'
import { useRuns } from './runs-store.ts'
import { useFollowRun } from './use-follow-run.ts'
import { useRenderCount } from './use-render-count.ts'

/** The text of an answer, growing or done, and why it ended early. */
export function AnswerBody({ message }: { message: Message }) {
  const { t } = useTranslation()
  const running = message.status === 'running'
  const run = useRuns((runs) => (running ? runs.get(message.id) : undefined))
  const savedBlocks = useMemo(() => splitBlocks(message.text), [message.text])
  const blocks = run?.blocks ?? savedBlocks
  useFollowRun(message)
  useRenderCount(message.id)
  return (
    <>
      {blocks.length > 0 && <Markdown messageId={message.id} blocks={blocks} growing={running} />}
      {blocks.length === 0 && running && <AnswerPhase phase={run?.phase ?? null} />}
      {message.status === 'complete' && message.text === '' && <p className="text-secondary">{t('thread.noText')}</p>}
      <AnswerTrouble message={message} />
    </>
  )
}
