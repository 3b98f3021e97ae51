import { useTranslation } from 'react-i18next'
import type { KeyboardEvent } from 'react'
import { MessageView } from './message-view.tsx'
import { useThread } from './thread-store.ts'
import type { MessageRows } from './use-message-rows.ts'

interface MessageListProps {
  path: readonly string[]
  rows: MessageRows
  /** Brings a message into view and gives it the focus. */
  onReveal: (messageId: string) => void
}

/**
 * The messages of the path that are in the page. A feed: a screen reader hears how many there are, and goes from
 * one to the next by Page Down and Page Up while one has the focus.
 */
export function MessageList({ path, rows, onReveal }: MessageListProps) {
  const { t } = useTranslation()
  const loaded = useThread((thread) => thread.loaded)
  const { containerRef, measureElement, getVirtualItems } = rows

  function onKeyDown(event: KeyboardEvent) {
    const step = { PageDown: 1, PageUp: -1 }[event.key]
    const target = event.target as Element
    if (step === undefined || target.tagName !== 'ARTICLE') return
    const index = Number(target.closest('[data-index]')?.getAttribute('data-index')) + step
    const next = path[index]
    if (next === undefined) return
    event.preventDefault()
    onReveal(next)
  }

  return (
    // Each word would be spoken if this were live; the end of an answer is told elsewhere.
    <div
      ref={containerRef}
      role="feed"
      aria-label={t('thread.label')}
      aria-busy={!loaded}
      onKeyDown={onKeyDown}
      className="relative"
    >
      {getVirtualItems().map(({ key, index }) => (
        <div
          key={key}
          ref={measureElement}
          data-index={index}
          data-message={path[index]}
          className="absolute inset-x-0"
        >
          <MessageView id={path[index]!} position={index + 1} count={loaded ? path.length : -1} />
        </div>
      ))}
    </div>
  )
}
