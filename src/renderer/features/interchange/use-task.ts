import { useEffect, useRef, useState } from 'react'
import type { ShownFailure } from '../../lib/failure.ts'
import { failureOf } from '../../lib/failure.ts'

/** Something that takes a while, can be cancelled, and ends with the component. */
export function useTask() {
  const [fraction, setFraction] = useState<number | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  return {
    /** 0 to 1; null = nothing runs. */
    fraction,
    failure,
    /** Resolves with what `work` gives; null where it failed or was cancelled. */
    async run<Result>(
      work: (onProgress: (fraction: number) => void, signal: AbortSignal) => Promise<Result>,
    ): Promise<Result | null> {
      const abort = new AbortController()
      running.current?.abort()
      running.current = abort
      setFailure(null)
      setFraction(0)
      try {
        const result = await work((fraction) => !abort.signal.aborted && setFraction(fraction), abort.signal)
        return abort.signal.aborted ? null : result
      } catch (error) {
        if (!abort.signal.aborted) setFailure(failureOf(error))
        return null
      } finally {
        if (running.current === abort) {
          running.current = null
          setFraction(null)
        }
      }
    },
    cancel(): void {
      running.current?.abort()
      setFraction(null)
    },
  }
}
