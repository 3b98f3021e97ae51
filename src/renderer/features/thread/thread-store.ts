/**
 * The messages of the open chat. The text of a growing answer is not here but in `runs-store.ts`,
 * so nothing in this store changes from one token to the next.
 */
import { create } from 'zustand'
import type { ChatEvent, Message } from '../../../shared/contract/chats.ts'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { follow } from '../../lib/follow.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { pathTo, withChildren } from './message-tree.ts'
import type { Children, Messages } from './message-tree.ts'

interface Thread {
  chatId: string | null
  /** The messages have come; an empty path then means an empty chat. */
  loaded: boolean
  messages: Messages
  children: Children
  leafId: string | null
  /** What is shown, first message first. */
  path: readonly string[]
}

const emptyThread: Thread = {
  chatId: null,
  loaded: false,
  messages: new Map(),
  children: new Map(),
  leafId: null,
  path: [],
}

export const useThread = create<Thread>(() => emptyThread)

/** A leaf that is not known yet leaves the path as it is until its message comes. */
function shownPath(messages: Messages, leafId: string | null, before: readonly string[]): readonly string[] {
  const path = pathTo(messages, leafId)
  const isSame = !path || (path.length === before.length && path.every((id, index) => id === before[index]))
  return isSame ? before : path
}

/** Shows another chat, or another branch of the same one. */
export function showThread(chatId: string | null, leafId: string | null): void {
  useThread.setState((thread) =>
    thread.chatId === chatId
      ? { leafId, path: shownPath(thread.messages, leafId, thread.path) }
      : { ...emptyThread, chatId, leafId, loaded: chatId === null },
  )
}

export function putMessages(changed: readonly Message[]): void {
  useThread.setState((thread) => {
    const messages = new Map(thread.messages)
    for (const message of changed) messages.set(message.id, message)
    const added = changed.filter(({ id }) => !thread.messages.has(id))
    const children = added.length > 0 ? withChildren(thread.children, added) : thread.children
    return { messages, children, path: shownPath(messages, thread.leafId, thread.path) }
  })
}

/** Loads the chat's messages and keeps them as the host has them, also over a lost connection. */
export async function followThread(chatId: string, signal: AbortSignal): Promise<void> {
  /** What is told while the messages are being loaded is newer than they are. */
  let news: Message[] | null = null

  async function load() {
    news = []
    try {
      const messages = await client.chats.messages({ chatId }, { signal })
      if (signal.aborted) return
      putMessages([...messages, ...news])
      useThread.setState({ loaded: true })
    } catch (error) {
      // The stream comes back with the connection, and its first event loads again.
      if (!signal.aborted && failureOf(error).code !== 'CONNECTION_LOST') showFailure(error)
    } finally {
      news = null
    }
  }

  function onEvent(event: ChatEvent) {
    // The first event, also after each reconnect: what happened before it was missed.
    if (event.type === 'chats') void load()
    if (event.type !== 'message-saved' || event.message.chatId !== chatId) return
    news?.push(event.message)
    putMessages([event.message])
  }

  await follow((signal) => client.chats.watch(undefined, { signal }), onEvent, signal)
}
