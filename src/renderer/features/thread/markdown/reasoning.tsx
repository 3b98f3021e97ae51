import { ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { fold, readableText } from '../find-text.ts'
import { useFind } from '../find-store.ts'
import { useThoughtTime } from '../thought-times.ts'
import { splitBlocks } from './split-blocks.ts'
import type { Block } from './split-blocks.ts'

interface ReasoningProps {
  messageId: string
  text: string
  /** It is still being written. */
  growing: boolean
  /** Shows it as what it is: Markdown again. */
  render: (blocks: readonly Block[]) => ReactNode
}

/** What a model thought before its answer: one line, and the text when it is opened or something is found in it. */
export function Reasoning({ messageId, text, growing, render }: ReasoningProps) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<{ open: boolean; whileFound: boolean } | null>(null)
  const isFound = useFind(
    ({ active, words }) => active?.messageId === messageId && words.some((word) => fold(readableText(text)).includes(word)),
  )
  const timeMs = useThoughtTime(messageId)
  // A new hit opens what was closed before.
  const isOpen = chosen?.whileFound === isFound ? chosen.open : isFound || chosen?.open === true
  const seconds = Math.max(1, Math.round((timeMs ?? 0) / 1000))
  if (text === '' && !growing) return null
  return (
    <div className="reasoning">
      <button type="button" aria-expanded={isOpen} onClick={() => setChosen({ open: !isOpen, whileFound: isFound })}>
        <ChevronRight aria-hidden className="size-4" strokeWidth={1.75} />
        {growing
          ? t('reading.thinking')
          : timeMs === null
            ? t('reading.thoughtLength', { count: [...text].length })
            : t('reading.thoughtFor', { time: t('thread.seconds', { value: seconds }) })}
      </button>
      {isOpen && <Thoughts text={text} render={render} />}
    </div>
  )
}

function Thoughts({ text, render }: Pick<ReasoningProps, 'text' | 'render'>) {
  // Only its own text: a `<think>` in it would begin another fold.
  const blocks = useMemo(() => splitBlocks(text.replaceAll('<think>', '')), [text])
  return <div className="reasoning-text">{render(blocks)}</div>
}
