import { useEffect } from 'react'
import { showMessage, useShownMessage } from '../../lib/shown-message.ts'
import { markIn } from './find-store.ts'
import { showBranch } from './thread-actions.ts'
import { useThread } from './thread-store.ts'

/**
 * Goes to the message that another part of the window has named, such as a hit of the search: switches to its
 * branch if need be, brings it into view, marks the query in it and gives it the focus.
 */
export function useGoToShownMessage(chatId: string | null, reveal: (messageId: string) => Promise<unknown>): void {
  const target = useShownMessage((state) => state.target)
  const path = useThread((thread) => thread.path)
  const loaded = useThread((thread) => thread.loaded && thread.chatId === chatId)

  useEffect(() => {
    if (!target || target.chatId !== chatId || !loaded) return
    const { messageId, query } = target
    if (path.includes(messageId)) {
      showMessage(null)
      void reveal(messageId).then(() => markIn(messageId, query))
    } else if (useThread.getState().messages.has(messageId)) void showBranch(messageId)
    else showMessage(null)
  }, [target, chatId, loaded, path, reveal])
}
