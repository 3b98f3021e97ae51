import { useEffect, useRef } from 'react'

/** Calls `onSeen` when the element comes into sight, or near to it: each time anew for another `key`. */
export function useInSight<Element extends HTMLElement>(onSeen: () => unknown, key: string) {
  const element = useRef<Element>(null)
  const latest = useRef(onSeen)
  useEffect(() => {
    latest.current = onSeen
  })
  useEffect(() => {
    if (!element.current) return
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && latest.current(),
      { rootMargin: '200px' },
    )
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [key])
  return element
}
