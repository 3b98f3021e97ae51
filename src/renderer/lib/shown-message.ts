/** The message that the thread is to bring into view, such as a hit of the search; the thread clears it when it has done so. */
import { create } from 'zustand'

export interface ShownMessage {
  chatId: string
  messageId: string
  /** What to mark in it; empty = nothing. */
  query: string
}

export const useShownMessage = create<{ target: ShownMessage | null }>(() => ({ target: null }))

export function showMessage(target: ShownMessage | null): void {
  useShownMessage.setState({ target })
}
