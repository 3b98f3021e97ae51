/**
 * ↑ and ↓ in the composer bring back what was sent in this chat. The draft that stood there is kept and
 * comes back with Escape, or with ↓ from the latest message; typing makes the message shown the draft.
 */
import { useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useThread } from './thread-store.ts'

interface MessageHistory {
  /** A message is shown in place of the draft. */
  isActive: boolean
  /** Takes the arrow keys it has a use for. */
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void
  /** Typing: what is shown stays. */
  stay: () => void
  /** The draft comes back. */
  leave: () => void
}

export function useMessageHistory(draft: string, change: (text: string) => void): MessageHistory {
  const [place, setPlace] = useState<{ index: number; draft: string } | null>(null)

  function show(event: KeyboardEvent<HTMLTextAreaElement>, texts: string[], index: number) {
    const text = texts[index]
    event.preventDefault()
    setPlace(text === undefined ? null : { index, draft: place?.draft ?? draft })
    change(text ?? place?.draft ?? '')
    const input = event.currentTarget
    // Where the same key goes on: before the first line for ↑, behind the last for ↓.
    requestAnimationFrame(() => {
      const caret = event.key === 'ArrowUp' ? 0 : input.value.length
      input.setSelectionRange(caret, caret)
    })
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return
    const input = event.currentTarget
    if (event.key === 'ArrowUp' && isOnFirstRow(input)) {
      const texts = sentTexts()
      const index = (place?.index ?? texts.length) - 1
      if (index >= 0) show(event, texts, index)
    } else if (event.key === 'ArrowDown' && place && !input.value.includes('\n', input.selectionEnd)) {
      show(event, sentTexts(), place.index + 1)
    }
  }

  return {
    isActive: place !== null,
    onKeyDown,
    stay: () => setPlace(null),
    leave() {
      if (place) change(place.draft)
      setPlace(null)
    },
  }
}

/** What the person sent in this chat, on whichever branch, each text once, the latest last. */
function sentTexts(): string[] {
  const sent = [...useThread.getState().messages.values()].filter(({ role, text }) => role === 'user' && text !== '')
  const texts = sent.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ text }) => text)
  return texts.filter((text, index) => texts.indexOf(text, index + 1) < 0)
}

/** Whether ↑ would have nowhere to go: long lines are broken to rows. */
function isOnFirstRow(input: HTMLTextAreaElement): boolean {
  const before = input.value.slice(0, input.selectionStart)
  if (input.selectionStart !== input.selectionEnd || before.includes('\n')) return false
  const style = getComputedStyle(input)
  const pen = document.createElement('canvas').getContext('2d')
  if (before === '' || !pen) return before === ''
  pen.font = style.font
  const roomPx = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
  return pen.measureText(before).width < roomPx
}
