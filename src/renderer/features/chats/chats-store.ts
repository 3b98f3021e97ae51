/**
 * All chats, as the host tells them, and which one is open. `saveChat` shows a change at once; the
 * host's own word replaces it when it comes.
 */
import i18next from 'i18next'
import { create } from 'zustand'
import type { Chat, ChatEvent } from '../../../shared/contract/chats.ts'
import { client } from '../../lib/client.ts'
import { follow } from '../../lib/follow.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { showToast } from '../../lib/toast-store.ts'

interface Chats {
  /** null until the host has told them. */
  chats: ReadonlyMap<string, Chat> | null
  currentChatId: string | null
  /** Chats whose answer is being written: chat id → message id. */
  running: ReadonlyMap<string, string>
}

export const useChats = create<Chats>(() => ({ chats: null, currentChatId: null, running: new Map() }))

function putChat(chat: Chat) {
  useChats.setState(({ chats }) => ({ chats: new Map(chats).set(chat.id, chat) }))
}

function applyEvent(event: ChatEvent) {
  if (event.type === 'chats') {
    useChats.setState({ chats: new Map(event.chats.map((chat) => [chat.id, chat])), running: new Map() })
  } else if (event.type === 'chat-saved') {
    putChat(event.chat)
  } else if (event.type === 'chat-trashed') {
    removeChat(event.chatId)
  } else {
    const { chatId, id, role, status } = event.message
    if (role !== 'assistant') return
    const { running } = useChats.getState()
    if (status === 'running') useChats.setState({ running: new Map(running).set(chatId, id) })
    else if (running.get(chatId) === id) {
      const rest = new Map(running)
      rest.delete(chatId)
      useChats.setState({ running: rest })
    }
  }
}

/** Takes the chat off the list; if it was open, the next one in the list opens. */
function removeChat(chatId: string) {
  const { chats, currentChatId } = useChats.getState()
  if (!chats?.has(chatId)) return
  const order = listedChats(chats)
  const at = order.findIndex(({ id }) => id === chatId)
  const rest = new Map(chats)
  rest.delete(chatId)
  useChats.setState({ chats: rest })
  if (chatId !== currentChatId) return
  const next = order[at + 1] ?? order[at - 1]
  useChats.setState({ currentChatId: next?.id ?? null })
  if (!next) void newChat()
}

export function followChats(signal: AbortSignal): Promise<void> {
  return follow((signal) => client.chats.watch(undefined, { signal }), applyEvent, signal)
}

const isUntouched = ({ titleSource, activeLeafId, draft, systemPrompt, sampling }: Chat) =>
  titleSource === 'empty' && activeLeafId === null && !draft && !systemPrompt && Object.keys(sampling).length === 0

/** What the list shows, newest first: every chat that was used. */
export function listedChats(chats: ReadonlyMap<string, Chat>): Chat[] {
  return [...chats.values()]
    .filter((chat) => !isUntouched(chat))
    .sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1))
}

export function openChat(chatId: string): void {
  useChats.setState({ currentChatId: chatId })
}

/**
 * Opens an untouched chat, the one there is or a new one, so that empty ones do not pile up. It is
 * answered by the model that is named, else by the default one.
 */
export async function newChat(modelId: string | null = null): Promise<void> {
  try {
    const chat = await ensureEmptyChat()
    if (chat.modelId !== modelId) putChat(await client.chats.update({ chatId: chat.id, modelId }))
  } catch (error) {
    showFailure(error)
  }
}

/** The call under way, so that two quick requests make one chat. */
let creating: Promise<Chat> | null = null

async function ensureEmptyChat(): Promise<Chat> {
  const untouched = [...(useChats.getState().chats?.values() ?? [])].find(isUntouched)
  const chat = untouched ?? (await (creating ??= client.chats.create({}).finally(() => (creating = null))))
  putChat(chat)
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

/** Rejects, after telling the person, when it was not saved. */
export async function saveChat(
  chatId: string,
  changes: Partial<Pick<Chat, 'mode' | 'title' | 'systemPrompt' | 'sampling' | 'modelId' | 'draft'>>,
): Promise<void> {
  try {
    putChat(await client.chats.update({ chatId, ...changes }))
  } catch (error) {
    showFailure(error)
    throw error
  }
}

/** An empty title changes nothing. */
export async function renameChat(chat: Chat, title: string): Promise<void> {
  const trimmed = title.trim().slice(0, 200)
  if (!trimmed || trimmed === chat.title) return
  putChat({ ...chat, title: trimmed, titleSource: 'person' })
  await saveChat(chat.id, { title: trimmed }).catch(() => putChat(chat))
}

/** Moves it to the trash and offers to take that back. */
export async function trashChat(chat: Chat): Promise<void> {
  const wasOpen = useChats.getState().currentChatId === chat.id
  try {
    await client.chats.trash({ chatId: chat.id })
  } catch (error) {
    return showFailure(error)
  }
  removeChat(chat.id)
  const title = chat.title || i18next.t('chats.untitled')
  showToast({
    text: i18next.t('chats.deleted', { title }),
    action: { label: i18next.t('common.undo'), run: () => void restoreChat(chat.id, wasOpen) },
  })
}

async function restoreChat(chatId: string, open: boolean): Promise<void> {
  try {
    putChat(await client.chats.restore({ chatId }))
    if (open) openChat(chatId)
  } catch (error) {
    showFailure(error)
  }
}
