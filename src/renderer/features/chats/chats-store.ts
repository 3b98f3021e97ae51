/**
 * All chats, as the host tells them, and which one is open. Changes are shown at once; the host's own word
 * replaces them when it comes. Events that come together are applied together, so that moving ten thousand chats
 * draws the list once.
 */
import { create } from 'zustand'
import type { Chat, ChatEvent } from '../../../shared/contract/chats.ts'
import { folderPath } from '../../../shared/lib/chat-values.ts'
import { client } from '../../lib/client.ts'
import { follow } from '../../lib/follow.ts'
import { useFolders } from '../../lib/folders-store.ts'
import { showFailure } from '../../lib/show-failure.ts'

interface Chats {
  /** null until the host has told them. */
  chats: ReadonlyMap<string, Chat> | null
  currentChatId: string | null
  /** Chats whose answer is being written: chat id → message id. */
  running: ReadonlyMap<string, string>
}

export const useChats = create<Chats>(() => ({ chats: null, currentChatId: null, running: new Map() }))

export function putChats(saved: readonly Chat[]): void {
  useChats.setState(({ chats }) => {
    const next = new Map(chats)
    for (const chat of saved) next.set(chat.id, chat)
    return { chats: next }
  })
}

const eventsWaitMs = 16
/** While very many come, so that the list is not drawn for each few of them. */
const manyEventsWaitMs = 300
const manyEvents = 50
let lastEventCount = 0
let waitingEvents: ChatEvent[] = []

export function followChats(signal: AbortSignal): Promise<void> {
  return follow(
    (signal) => client.chats.watch(undefined, { signal }),
    (event) => {
      waitingEvents.push(event)
      if (event.type === 'chats') applyEvents()
      else if (waitingEvents.length === 1) {
        setTimeout(applyEvents, lastEventCount < manyEvents ? eventsWaitMs : manyEventsWaitMs)
      }
    },
    signal,
  )
}

function applyEvents() {
  const events = waitingEvents
  waitingEvents = []
  lastEventCount = events.length
  const state = useChats.getState()
  let chats = new Map(state.chats)
  let running = new Map(state.running)
  const trashedIds: string[] = []
  for (const event of events) {
    if (event.type === 'chats') {
      chats = new Map(event.chats.map((chat) => [chat.id, chat]))
      running = new Map()
    } else if (event.type === 'chat-saved') {
      chats.set(event.chat.id, event.chat)
    } else if (event.type === 'chat-trashed') {
      trashedIds.push(event.chatId)
    } else if (event.type === 'message-saved' && event.message.role === 'assistant') {
      const { chatId, id, status } = event.message
      if (status === 'running') running.set(chatId, id)
      else if (running.get(chatId) === id) running.delete(chatId)
    }
  }
  useChats.setState({ chats, running })
  removeChats(trashedIds)
}

let isOnScreen = false
/** The open chat, if the person marked it as unread. */
let heldUnreadId: string | null = null

/** Says whether the open chat can be seen: if so, what comes in it is not unread. */
export function setOnScreen(onScreen: boolean): void {
  isOnScreen = onScreen
  const { currentChatId } = useChats.getState()
  if (onScreen && currentChatId !== null) openChat(currentChatId)
}

/** Leaves a chat unread even if it is the open one, until it is opened again. */
export function holdUnread(chatId: string): void {
  heldUnreadId = chatId
}

// A short answer can be over before the thread has begun to follow it, and then counts as not seen.
useChats.subscribe(({ chats, currentChatId }) => {
  if (!isOnScreen || currentChatId === null || currentChatId === heldUnreadId) return
  markRead(chats?.get(currentChatId))
})

function markRead(chat: Chat | undefined) {
  if (!chat?.isUnread) return
  putChats([{ ...chat, isUnread: false }])
  void saveChat(chat.id, { isUnread: false }).catch(() => {})
}

/** Takes chats off the list; if the open one is among them, the next one in the list opens. */
export function removeChats(chatIds: readonly string[]): void {
  const { chats, currentChatId } = useChats.getState()
  if (!chats || !chatIds.some((id) => chats.has(id))) return
  const rest = new Map(chats)
  for (const id of chatIds) rest.delete(id)
  useChats.setState({ chats: rest })
  if (currentChatId === null || rest.has(currentChatId)) return
  const order = listedChats(chats)
  const at = order.findIndex(({ id }) => id === currentChatId)
  const remains = ({ id }: Chat) => rest.has(id)
  const next = order.slice(at + 1).find(remains) ?? order.slice(0, at).findLast(remains)
  useChats.setState({ currentChatId: null })
  if (next) openChat(next.id)
  else void newChat()
}

/** Nothing was written or set in it. The folder and the model do not count: both are given to a new chat. */
function isUntouched(chat: Chat): boolean {
  return (
    chat.titleSource === 'empty' &&
    chat.activeLeafId === null &&
    !chat.draft &&
    chat.draftAttachments.length === 0 &&
    chat.queue.length === 0 &&
    chat.systemPrompt === null &&
    Object.keys(chat.sampling).length === 0 &&
    chat.presetId === null &&
    chat.contextPolicy === null &&
    chat.pinnedAt === null
  )
}

/** What the list shows, newest first: every chat that was used. */
export function listedChats(chats: ReadonlyMap<string, Chat>): Chat[] {
  return [...chats.values()]
    .filter((chat) => !isUntouched(chat))
    .sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1))
}

/** Shows a chat; what was new in it has then been seen. */
export function openChat(chatId: string): void {
  heldUnreadId = null
  useChats.setState({ currentChatId: chatId })
  markRead(useChats.getState().chats?.get(chatId))
}

/**
 * Opens an untouched chat, the one there is or a new one, so that empty ones do not pile up. It is
 * answered by the model that is named, else by that of the folder it is made in, else by the default one.
 */
export async function newChat(modelId: string | null = null, folderId: string | null = null): Promise<void> {
  try {
    const path = folderPath(useFolders.getState().folders ?? [], folderId)
    const wanted = modelId ?? path.find((folder) => folder.modelId !== null)?.modelId ?? null
    let chat = await ensureEmptyChat(wanted, folderId)
    if (chat.modelId !== wanted) chat = await client.chats.update({ chatId: chat.id, modelId: wanted })
    if (chat.folderId !== folderId) {
      await client.chats.move({ chatIds: [chat.id], folderId })
      chat = { ...chat, folderId }
    }
    putChats([chat])
  } catch (error) {
    showFailure(error)
  }
}

/** The call under way, so that two quick requests make one chat. */
let creating: Promise<Chat> | null = null

async function ensureEmptyChat(modelId: string | null = null, folderId: string | null = null): Promise<Chat> {
  const untouched = [...(useChats.getState().chats?.values() ?? [])].find(isUntouched)
  const create = () => client.chats.create({ modelId, folderId }).finally(() => (creating = null))
  const chat = untouched ?? (await (creating ??= create()))
  putChats([chat])
  openChat(chat.id)
  return chat
}

/** The open chat; where there is none (it could not be created), an empty one. Rejects as `chats.create` does. */
export async function ensureChat(): Promise<Chat> {
  const { chats, currentChatId } = useChats.getState()
  return (currentChatId && chats?.get(currentChatId)) || ensureEmptyChat()
}

/** At start: the chat shown last, if it is still there, else the newest, else a new one. */
export function openFirstChat(lastChatId: string | null): void {
  const { chats } = useChats.getState()
  if (!chats) return
  const chat = (lastChatId && chats.get(lastChatId)) || listedChats(chats)[0]
  if (chat) openChat(chat.id)
  else void newChat()
}

export type ChatChanges = Partial<
  Omit<Chat, 'id' | 'folderId' | 'titleSource' | 'pinnedAt' | 'activeLeafId' | 'createdAt' | 'updatedAt'> & {
    isPinned: boolean
    activeLeafId: string
  }
>

/** Rejects, after telling the person, when it was not saved. */
export async function saveChat(chatId: string, changes: ChatChanges): Promise<void> {
  try {
    putChats([await client.chats.update({ chatId, ...changes })])
  } catch (error) {
    showFailure(error)
    throw error
  }
}
