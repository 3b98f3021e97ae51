import { v7 as uuidv7 } from 'uuid'
import type { Message } from '../../shared/contract/chats.ts'

export type NewMessage = Pick<Message, 'chatId' | 'parentId' | 'role' | 'text' | 'status'> & Partial<Message>

export function newMessage(fields: NewMessage): Message {
  return {
    id: uuidv7(),
    failure: null,
    runCard: null,
    attachments: [],
    summary: null,
    isCompared: false,
    createdAt: Date.now(),
    ...fields,
  }
}

/** A running answer to a message of the person. */
export function emptyAnswer({ id, chatId }: Message): Message {
  return newMessage({ chatId, parentId: id, role: 'assistant', text: '', status: 'running' })
}
