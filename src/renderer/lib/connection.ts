/** Whether the host is in reach. `link.ts` keeps it true; nothing here opens anything. */
import { create } from 'zustand'

/** The host was out of reach during a call, or before it. The call may or may not have happened. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

interface Connection {
  state: 'connecting' | 'connected' | 'reconnecting'
}

export const useConnection = create<Connection>(() => ({ state: 'connecting' }))

/** Resolves when the host is in reach: at once, or after the next reconnect. */
export function connected(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    if (useConnection.getState().state === 'connected') return resolve()
    const unsubscribe = useConnection.subscribe(({ state }) => {
      if (state === 'connected') settle(resolve)
    })
    const abort = () => settle(() => reject(signal?.reason))
    function settle(then: () => void) {
      unsubscribe()
      signal?.removeEventListener('abort', abort)
      then()
    }
    signal?.addEventListener('abort', abort)
  })
}
