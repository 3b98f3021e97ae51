/**
 * Keeps a scrolling box at its end while its content grows, until the person scrolls up; coming
 * back to the end, or `toBottom`, follows again.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** As close to the end as that is at the end. */
const nearPx = 40

export function useFollowBottom() {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  const [atBottom, setAtBottom] = useState(true)

  /** For content that changed its height: goes to its end if that is being followed. */
  const keep = useCallback(() => {
    const box = scroller.current
    if (box && following.current) box.scrollTop = box.scrollHeight
  }, [])

  const toBottom = useCallback(() => {
    following.current = true
    setAtBottom(true)
    keep()
  }, [keep])

  useLayoutEffect(keep, [keep])

  useEffect(() => {
    const box = scroller.current
    if (!box || !content.current) return
    let lastTop = box.scrollTop

    function onScroll() {
      const { scrollTop, scrollHeight, clientHeight } = box!
      const distance = scrollHeight - scrollTop - clientHeight
      // Growing content moves the end away without anyone having scrolled; shrinking content moves
      // the box up with it, but leaves it at the end.
      if (scrollTop < lastTop && distance > 1) following.current = false
      else if (scrollTop > lastTop && distance < nearPx) following.current = true
      lastTop = scrollTop
      setAtBottom(following.current || distance < nearPx)
    }
    // Fast text would pull the box back down before it has scrolled up.
    function onWheel({ deltaY }: WheelEvent) {
      if (deltaY < 0 && box!.scrollTop > 0) following.current = false
    }
    const growth = new ResizeObserver(keep)
    box.addEventListener('scroll', onScroll, { passive: true })
    box.addEventListener('wheel', onWheel, { passive: true })
    growth.observe(content.current)
    growth.observe(box)
    return () => {
      box.removeEventListener('scroll', onScroll)
      box.removeEventListener('wheel', onWheel)
      growth.disconnect()
    }
  }, [keep])

  return { scroller, content, following, atBottom, keep, toBottom }
}
