import { useEffect } from 'react'
import type { RefObject } from 'react'
import { useFind } from './find-store.ts'
import type { Hit } from './find-store.ts'
import { clearMarks, markText } from './mark-text.ts'

/** While text streams in, marks follow it this late. */
const waitMs = 100

/** Marks what is looked for in the messages that are in the page, and brings the active hit into view once. */
export function useMarks(scroller: RefObject<HTMLDivElement | null>): void {
  const words = useFind((find) => find.words)
  const onlyIn = useFind((find) => find.onlyIn)
  const active = useFind((find) => find.active)

  useEffect(() => {
    const box = scroller.current
    if (!box || words.length === 0) return
    let timer: number | undefined
    let toShow: Hit | null = active

    function mark() {
      timer = undefined
      const rows = box!.querySelectorAll<HTMLElement>(onlyIn ? `[data-message="${onlyIn}"]` : '[data-message]')
      const range = markText(rows, words, active)
      if (!range || !toShow) return
      toShow = null
      bringIntoView(range, box!)
    }
    const observer = new MutationObserver(() => (timer ??= window.setTimeout(mark, waitMs)))
    observer.observe(box, { childList: true, characterData: true, subtree: true })
    mark()
    return () => {
      observer.disconnect()
      clearTimeout(timer)
      clearMarks()
    }
  }, [scroller, words, onlyIn, active])
}

/** Scrolls sideways too, in a wide table or long code. */
function bringIntoView(range: Range, box: HTMLElement): void {
  const element = range.startContainer.parentElement!
  const side = element.closest<HTMLElement>('pre, .table-box')
  if (side) {
    const [place, inside] = [range.getBoundingClientRect(), side.getBoundingClientRect()]
    if (place.left < inside.left || place.right > inside.right) side.scrollLeft += place.left - inside.left - 40
  }
  const [place, view] = [range.getBoundingClientRect(), box.getBoundingClientRect()]
  if (place.top < view.top + 48 || place.bottom > view.bottom - 24) {
    box.scrollTop += place.top - view.top - view.height / 3
  }
}
