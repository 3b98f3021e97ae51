import { useEffect, useState } from 'react'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'

/** What a call has brought: nothing yet, its value, or why not. */
export interface CallState<Value> {
  value?: Value
  failure?: ShownFailure
  /** Asks anew. */
  again: () => void
}

/** Asks once for each `key`; leaving ends the call. */
export function useCall<Value>(key: string, call: (signal: AbortSignal) => Promise<Value>): CallState<Value> {
  const [answer, setAnswer] = useState<{ key: string; value?: Value; failure?: ShownFailure } | null>(null)
  const [round, setRound] = useState(0)
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    call(signal).then(
      (value) => !signal.aborted && setAnswer({ key, value }),
      (error: unknown) => !signal.aborted && setAnswer({ key, failure: failureOf(error) }),
    )
    return () => leaving.abort()
    // The call is told by its key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, round])
  const again = () => {
    setAnswer(null)
    setRound((round) => round + 1)
  }
  return answer?.key === key ? { ...answer, again } : { again }
}
