import type { Attachment } from '../../shared/contract/attachments.ts'
import type { Message } from '../../shared/contract/chats.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { ChatsService } from '../chats/chats-service.ts'
import type { PathMessage } from './prompt.ts'

/** Down to an answer, under which a message is to go. Throws NOT_FOUND if it is no answer of the chat. */
export function pathTo(chats: ChatsService, chatId: string, parentId: string | null): Message[] {
  if (parentId === null) return []
  const parent = chats.getMessage(parentId, chatId)
  if (parent.role !== 'assistant') throw new AppFailure('NOT_FOUND', { what: 'message', id: parentId })
  return chats.path(parentId)
}

/** A message of the person that is not saved yet. */
export function newPathMessage(text: string, attachments: Attachment[] = []): PathMessage {
  return { id: null, role: 'user', text, attachments, summary: null, runCard: null }
}
