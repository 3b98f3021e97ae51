import { CornerLeftUp } from 'lucide-react'
import { createContext, use } from 'react'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../../components/icon-button.tsx'
import { MarkdownBlock } from './markdown-block.tsx'
import type { Notes } from './number-notes.ts'
import type { Block } from './split-blocks.ts'

/** What the ids of one answer begin with, so that two answers with notes do not share any. */
export const NotePrefix = createContext('')

/** The number of a note, which leads to it. */
export function NoteReference({ number }: { number: number }) {
  const { t } = useTranslation()
  const prefix = use(NotePrefix)
  function show(event: MouseEvent) {
    // The address of the window stays as it is.
    event.preventDefault()
    const note = document.getElementById(`${prefix}-${number}`)
    note?.scrollIntoView({ block: 'nearest' })
    note?.focus({ preventScroll: true })
  }
  return (
    <sup data-note={number}>
      <a href={`#${prefix}-${number}`} aria-label={t('reading.footnote', { number })} onClick={show}>
        {number}
      </a>
    </sup>
  )
}

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
