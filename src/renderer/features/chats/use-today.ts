import { useEffect, useState } from 'react'

const checkMs = 60_000

/** A moment of the current day; another one when the day has changed, so that “today” does not grow old. */
export function useToday(): Date {
  const [today, setToday] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => {
      const now = new Date()
      setToday((today) => (now.toDateString() === today.toDateString() ? today : now))
    }, checkMs)
    return () => clearInterval(timer)
  }, [])
  return today
}
