import { useCallback, useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { useThread } from './thread-store.ts'
import type { MessageRows } from './use-message-rows.ts'

/** Frames until a message that was far away has been put into the page and stands still. */
const mostFrames = 60

interface RevealOptions {
  rows: MessageRows
  scroller: RefObject<HTMLDivElement | null>
  followingRef: RefObject<boolean>
}

/**
 * Scrolls a message of the path into view, wherever it is, and gives it the focus unless told otherwise. Resolves
 * with its element when it stands still; null when it is not on the path or another call came after.
 */
export function useReveal({ rows, scroller, followingRef }: RevealOptions) {
  const latest = useRef(0)
  const current = useRef(rows)
  useEffect(() => {
    current.current = rows
  })

  return useCallback(
    async (messageId: string, { focus = true } = {}): Promise<HTMLElement | null> => {
      const call = ++latest.current
      const index = useThread.getState().path.indexOf(messageId)
      if (index === -1) return null
      followingRef.current = false
      const find = () => scroller.current?.querySelector<HTMLElement>(`[data-message="${messageId}"]`)
      if (!isInSight(find(), scroller.current)) current.current.scrollToIndex(index, { align: 'start' })
      let lastTop = Number.NaN
      for (let frame = 0; frame < mostFrames && latest.current === call; frame++) {
        const row = find()
        const top = row?.getBoundingClientRect().top
        if (row && top === lastTop) {
          if (focus) row.querySelector('article')?.focus({ preventScroll: true })
          return row
        }
        lastTop = top ?? Number.NaN
        await new Promise(requestAnimationFrame)
      }
      return null
    },
    [scroller, followingRef],
  )
}

/** Whether the message begins in the box. */
function isInSight(row: HTMLElement | null | undefined, box: HTMLElement | null): boolean {
  if (!row || !box) return false
  const place = box.getBoundingClientRect()
  const { top } = row.getBoundingClientRect()
  return top >= place.top && top < place.bottom - 80
}
