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
import { branchOf, pathTo, withChildren } from './message-tree.ts'
import type { Children, Messages } from './message-tree.ts'

interface Thread {
  chatId: string | null
  /** All messages have come. Before that the path may begin in the middle of the chat. */
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

/** Fills any window, with room to scroll before the rest is there. */
const tailLength = 30

/** A leaf that is not known yet leaves the path as it is until its message comes. */
function shownPath(messages: Messages, { leafId, loaded, path: before }: Thread): readonly string[] {
  const { path, isWhole } = pathTo(messages, leafId)
  const isUnknown = !isWhole && (loaded || path.length === 0)
  const isSame = path.length === before.length && path.every((id, index) => id === before[index])
  return isUnknown || isSame ? before : path
}

/** Shows another chat, or another branch of the same one. */
export function showThread(chatId: string | null, leafId: string | null): void {
  useThread.setState((thread) =>
    thread.chatId === chatId
      ? { leafId, path: shownPath(thread.messages, { ...thread, leafId }) }
      : { ...emptyThread, chatId, leafId, loaded: chatId === null },
  )
}

export function putMessages(changed: readonly Message[]): void {
  useThread.setState((thread) => {
    const messages = new Map(thread.messages)
    for (const message of changed) messages.set(message.id, message)
    const added = changed.filter(({ id }) => !thread.messages.has(id))
    const children = added.length > 0 ? withChildren(thread.children, added) : thread.children
    return { messages, children, path: shownPath(messages, thread) }
  })
}

/** All messages of the chat: others that were known are gone. */
function replaceMessages(all: readonly Message[]): void {
  useThread.setState((thread) => {
    const messages = new Map(all.map((message) => [message.id, message]))
    const children = withChildren(new Map(), [...messages.values()])
    const loaded = true
    return { messages, children, loaded, path: shownPath(messages, { ...thread, loaded }) }
  })
}

/** Takes out a branch. The path stays until the host has said which one is shown instead. */
function dropBranch(messageId: string): void {
  useThread.setState((thread) => {
    const messages = new Map(thread.messages)
    const children = new Map(thread.children)
    const parentId = messages.get(messageId)?.parentId
    for (const id of branchOf(thread.children, messageId)) {
      messages.delete(id)
      children.delete(id)
    }
    const beside = parentId === undefined ? [] : (children.get(parentId) ?? []).filter((id) => id !== messageId)
    if (parentId !== undefined && beside.length > 0) children.set(parentId, beside)
    else if (parentId !== undefined) children.delete(parentId)
    return { messages, children, path: shownPath(messages, thread) }
  })
}

/**
 * Loads the chat's messages, the last ones first, and keeps them as the host has them, also over a lost
 * connection.
 */
export async function followThread(chatId: string, signal: AbortSignal): Promise<void> {
  /** What is told while the messages are being loaded is newer than they are. */
  let news: Message[] | null = null
  let deleted: string[] = []

  async function load() {
    news = []
    deleted = []
    try {
      if (!useThread.getState().loaded) {
        const tail = await client.chats.messages({ chatId, tail: tailLength }, { signal })
        if (signal.aborted) return
        putMessages([...tail, ...news])
        await nextPaint()
      }
      const messages = await client.chats.messages({ chatId }, { signal })
      if (signal.aborted) return
      replaceMessages([...messages, ...news])
      deleted.forEach(dropBranch)
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
    else if (event.type === 'message-saved' && event.message.chatId === chatId) {
      news?.push(event.message)
      putMessages([event.message])
    } else if (event.type === 'branch-deleted' && event.chatId === chatId) {
      deleted.push(event.messageId)
      dropBranch(event.messageId)
    } else if (event.type === 'chat-saved' && event.chat.id === chatId && news === null) {
      const { activeLeafId } = event.chat
      // A branch that was restored.
      if (activeLeafId !== null && !useThread.getState().messages.has(activeLeafId)) void load()
    }
  }

  await follow((signal) => client.chats.watch(undefined, { signal }), onEvent, signal)
}

function nextPaint(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
}
