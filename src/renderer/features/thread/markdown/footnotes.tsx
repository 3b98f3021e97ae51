import { CornerLeftUp } from 'lucide-react'
import { use } from 'react'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../../components/icon-button.tsx'
import { MarkdownBlock } from './markdown-block.tsx'
import { NotePrefix } from './note-reference.tsx'
import type { Notes } from './number-notes.ts'
import type { Block } from './split-blocks.ts'

interface FootnotesProps {
  blocks: readonly Block[]
  notes: Notes
  growing: boolean
}

/** The notes below an answer, by their numbers. */
export function Footnotes({ blocks, notes, growing }: FootnotesProps) {
  const { t } = useTranslation()
  const prefix = use(NotePrefix)
  const last = blocks.at(-1)
  const written = blocks.filter((block) => block.note && notes.has(block.note.label))
  const sorted = written.sort((a, b) => notes.get(a.note!.label)! - notes.get(b.note!.label)!)
  if (sorted.length === 0) return null
  return (
    <section className="footnotes" aria-label={t('reading.footnotes')}>
      <ol>
        {sorted.map((block, index) => {
          const number = notes.get(block.note!.label)!
          return (
            <li key={index} value={number} id={`${prefix}-${number}`} tabIndex={-1}>
              <MarkdownBlock source={block.note!.text} growing={growing && block === last} notes={notes} />
              <IconButton label={t('reading.backToText')} icon={CornerLeftUp} className="size-5!" onClick={back(number)} />
            </li>
          )
        })}
      </ol>
    </section>
  )
}

const back = (number: number) => (event: MouseEvent) => {
  const link = event.currentTarget.closest('.markdown')?.querySelector<HTMLElement>(`sup[data-note="${number}"] a`)
  link?.scrollIntoView({ block: 'nearest' })
  link?.focus({ preventScroll: true })
}
