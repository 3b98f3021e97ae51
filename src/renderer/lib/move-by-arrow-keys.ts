import type { KeyboardEvent } from 'react'

/**
 * `onKeyDown` of a list: the up and down arrows, Home and End move the focus among its elements that
 * carry `data-arrow-stop`.
 */
export function moveByArrowKeys(event: KeyboardEvent<HTMLElement>): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-arrow-stop]')]
  const at = stops.indexOf(event.target as HTMLElement)
  if (at < 0) return
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key]
  if (next === undefined) return
  event.preventDefault()
  stops[next]?.focus()
}
