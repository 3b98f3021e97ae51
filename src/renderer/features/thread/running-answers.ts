import type { Messages } from './message-tree.ts'
import { stopAnswer } from './thread-actions.ts'
import { useThread } from './thread-store.ts'

function runningIds(messages: Messages): string[] {
  return [...messages.values()].filter(({ status }) => status === 'running').map(({ id }) => id)
}

/** Whether an answer of the open chat is being written, on whichever branch. */
export function useIsRunning(): boolean {
  return useThread(({ messages }) => {
    for (const { status } of messages.values()) if (status === 'running') return true
    return false
  })
}

/** Stops all answers of the open chat; resolves when they are over. */
export async function stopAnswers(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const isOver = ({ messages }: { messages: Messages }) => runningIds(messages).length === 0
  const unsubscribe = useThread.subscribe((thread) => isOver(thread) && resolve())
  await Promise.all(runningIds(useThread.getState().messages).map(stopAnswer))
  if (!isOver(useThread.getState())) await promise
  unsubscribe()
}
