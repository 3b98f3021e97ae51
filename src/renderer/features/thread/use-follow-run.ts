import { useEffect } from 'react'
import type { Message } from '../../../shared/contract/chats.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { followRun } from './runs-store.ts'

/** Attaches to the answer while it is being written; leaving only detaches. */
export function useFollowRun(message: Message | null): void {
  const running = message?.status === 'running'
  useEffect(() => {
    if (!message || !running) return
    const leaving = new AbortController()
    followRun(message, leaving.signal).catch(showFailure)
    return () => leaving.abort()
    // The message itself changes only when it ends.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [message?.id, running])
}
