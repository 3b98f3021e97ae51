import { createContext, use } from 'react'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'

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
