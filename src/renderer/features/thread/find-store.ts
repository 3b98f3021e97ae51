/**
 * What is being looked for in the open chat, and which hit is shown. Hits are counted over all messages of the path,
 * in the page or not; marking is done on what is in the page (`mark-text.ts`).
 */
import { create } from 'zustand'
import type { Message } from '../../../shared/contract/chats.ts'
import { fold, placesOf, readableText } from './find-text.ts'
import type { Messages } from './message-tree.ts'

export interface Hit {
  messageId: string
  /** Of the hits in this message, from 0 on. */
  ordinal: number
  /** Of the message in the path, from 0 on. */
  position: number
}

interface Find {
  isOpen: boolean
  query: string
  /** What to mark, folded; empty = nothing. */
  words: readonly string[]
  /** Only this message is marked, as the search has shown it; null = all. */
  onlyIn: string | null
  active: Hit | null
}

const closed: Find = { isOpen: false, query: '', words: [], onlyIn: null, active: null }

export const useFind = create<Find>(() => closed)

export function openFind(): void {
  useFind.setState(({ isOpen }) => (isOpen ? {} : { ...closed, isOpen: true }))
}

export function closeFind(): void {
  useFind.setState(closed)
}

export function setQuery(query: string): void {
  useFind.setState({ query, words: query === '' ? [] : [fold(query)], active: null })
}

/** Marks each word of a query in one message. */
export function markIn(messageId: string, query: string): void {
  const words = fold(query).split(/\s+/).filter((word) => word !== '')
  const active = words.length > 0 ? { messageId, ordinal: 0, position: 0 } : null
  useFind.setState({ ...closed, words, onlyIn: messageId, active })
}

export function findHits(path: readonly string[], messages: Messages, query: string): Hit[] {
  const word = fold(query)
  return path.flatMap((messageId, position) => {
    const message = messages.get(messageId)
    return message ? placesOf(searched(message), word).map((_, ordinal) => ({ messageId, ordinal, position })) : []
  })
}

/** Folded once: ten thousand messages take longer than a key press may. */
const known = new WeakMap<Message, string>()

function searched(message: Message): string {
  const text = known.get(message) ?? fold(message.role === 'user' ? message.text : readableText(message.text))
  known.set(message, text)
  return text
}
