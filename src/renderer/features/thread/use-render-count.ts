import { useEffect } from 'react'

declare global {
  /** A test sets it before the page loads, and reads how often each message was rendered. */
  var messageRenders: Map<string, number> | undefined
}

export function useRenderCount(messageId: string): void {
  useEffect(() => {
    globalThis.messageRenders?.set(messageId, (globalThis.messageRenders.get(messageId) ?? 0) + 1)
  })
}
