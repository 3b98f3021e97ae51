import { useEffect, useEffectEvent, useState } from 'react'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'

export interface Answered<Answer> {
  /** null until the first is there; the last one stays while the next is asked for. */
  answer: Answer | null
  failure: ShownFailure | null
}

/** The answer to a call, asked for anew whenever `key` changes. */
export function useAnswer<Answer>(key: string, ask: (signal: AbortSignal) => Promise<Answer>): Answered<Answer> {
  const [answered, setAnswered] = useState<Answered<Answer>>({ answer: null, failure: null })
  const askNow = useEffectEvent(ask)
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    askNow(signal).then(
      (answer) => signal.aborted || setAnswered({ answer, failure: null }),
      (error: unknown) => signal.aborted || setAnswered({ answer: null, failure: failureOf(error) }),
    )
    return () => leaving.abort()
  }, [key])
  return answered
}
