/** What a person does to chats as a whole. Each is shown at once and told when it fails. */
import i18next from 'i18next'
import type { Chat } from '../../../shared/contract/chats.ts'
import { client } from '../../lib/client.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { showToast } from '../../lib/toast-store.ts'
import { holdUnread, openChat, putChats, removeChats, saveChat, useChats } from './chats-store.ts'
import type { ChatChanges } from './chats-store.ts'

export const chatTitle = (chat: Pick<Chat, 'title'>): string => chat.title || i18next.t('chats.untitled')

/** Those of the ids that are chats in the list. */
function findChats(chatIds: readonly string[]): Chat[] {
  const { chats } = useChats.getState()
  return chatIds.flatMap((id) => chats?.get(id) ?? [])
}

async function change(chat: Chat, shown: Partial<Chat>, changes: ChatChanges): Promise<void> {
  putChats([{ ...chat, ...shown }])
  await saveChat(chat.id, changes).catch(() => putChats([chat]))
}

/** An empty title changes nothing. */
export async function renameChat(chat: Chat, title: string): Promise<void> {
  const trimmed = title.trim().slice(0, 200)
  if (!trimmed || trimmed === chat.title) return
  await change(chat, { title: trimmed, titleSource: 'person' }, { title: trimmed })
}

export async function pinChats(chatIds: readonly string[], isPinned: boolean): Promise<void> {
  const changed = findChats(chatIds).filter((chat) => (chat.pinnedAt !== null) !== isPinned)
  const pinnedAt = isPinned ? Date.now() : null
  await Promise.all(changed.map((chat) => change(chat, { pinnedAt }, { isPinned })))
}

export function markUnread(chat: Chat, isUnread: boolean): Promise<void> {
  if (isUnread) holdUnread(chat.id)
  return change(chat, { isUnread }, { isUnread })
}

export async function moveChats(chatIds: readonly string[], folderId: string | null): Promise<void> {
  const moved = findChats(chatIds).filter((chat) => chat.folderId !== folderId)
  if (moved.length === 0) return
  putChats(moved.map((chat) => ({ ...chat, folderId })))
  try {
    await client.chats.move({ chatIds: moved.map(({ id }) => id), folderId })
  } catch (error) {
    putChats(moved)
    showFailure(error)
  }
}

/** Moves them to the trash and offers to take that back. */
export async function trashChats(chatIds: readonly string[]): Promise<void> {
  const trashed = findChats(chatIds)
  const [first] = trashed
  if (!first) return
  const ids = trashed.map(({ id }) => id)
  const openId = ids.find((id) => id === useChats.getState().currentChatId)
  try {
    await client.chats.trash({ chatIds: ids })
  } catch (error) {
    return showFailure(error)
  }
  removeChats(ids)
  const undo = async () => {
    if ((await restoreChats(ids)) && openId !== undefined) openChat(openId)
  }
  showToast({
    text:
      ids.length === 1
        ? i18next.t('chats.deleted', { title: chatTitle(first) })
        : i18next.t('chats.manyDeleted', { count: ids.length }),
    action: { label: i18next.t('common.undo'), run: () => void undo() },
  })
}

/** Whether it succeeded. */
export async function restoreChats(chatIds: readonly string[]): Promise<boolean> {
  try {
    putChats(await client.chats.restore({ chatIds: [...chatIds] }))
    return true
  } catch (error) {
    showFailure(error)
    return false
  }
}

export async function duplicateChat(chatId: string): Promise<void> {
  await openCopy({ chatId })
}

/** Opens a new chat that holds the path down to and including the message. */
export async function forkChat(chatId: string, messageId: string): Promise<void> {
  await openCopy({ chatId, upToMessageId: messageId })
}

async function openCopy(input: Parameters<typeof client.chats.duplicate>[0]): Promise<void> {
  try {
    const chat = await client.chats.duplicate(input)
    putChats([chat])
    openChat(chat.id)
  } catch (error) {
    showFailure(error)
  }
}

export async function nameByModel(chatId: string): Promise<void> {
  try {
    await client.generation.nameChat({ chatId })
  } catch (error) {
    showFailure(error)
  }
}
