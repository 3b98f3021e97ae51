// The Swedish way is what sorts and what everyone can read.
const format = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'short' })

/** `2025-11-21 23:05`, in the time of this machine: the same width in every line of a list. */
export function timeText(timeMs: number): string {
  return format.format(timeMs)
}
