import { useEffect } from 'react'

declare global {
  /** A test sets it before the page loads, and reads how often each message was rendered. */
  var messageRenders: Map<string, number> | undefined
}

/** Counts a render of the message with that id; does nothing outside tests. */
export function useCountRenders(id: string): void {
  useEffect(() => {
    globalThis.messageRenders?.set(id, (globalThis.messageRenders.get(id) ?? 0) + 1)
  })
}
