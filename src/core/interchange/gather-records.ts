/** Takes chats out of the database into a file of records, with pauses, so that the host goes on answering. */
import { setImmediate as pause } from 'node:timers/promises'
import type { Message } from '../../shared/contract/chats.ts'
import { LineWriter } from './line-file.ts'
import type { InterchangeRecord, StoredChat, StoredMessage } from './records.ts'
import { without } from './without.ts'

export interface GatherSources {
  chat: (chatId: string) => StoredChat | null
  messages: (chatId: string) => Message[]
}

/** Yields the fraction that is done. Chats that are deleted meanwhile are passed over. */
export async function* gatherRecords(
  path: string,
  first: readonly InterchangeRecord[],
  chatIds: readonly string[],
  sources: GatherSources,
  onAttachment: (attachmentId: string) => void,
): AsyncGenerator<number> {
  const writer = new LineWriter(path)
  try {
    for (const record of first) writer.write(record)
    for (const [index, chatId] of chatIds.entries()) {
      const chat = sources.chat(chatId)
      if (!chat) continue
      const messages = sources.messages(chatId).map(storedMessage)
      const named = [...chat.draftAttachments, ...chat.queue.flatMap(({ attachments }) => attachments)]
      for (const { id } of [...named, ...messages.flatMap(({ attachments }) => attachments)]) onAttachment(id)
      writer.write({ kind: 'chat', chat, messages } satisfies InterchangeRecord)
      await pause()
      if (index % 50 === 0) yield index / chatIds.length
    }
  } finally {
    writer.close()
  }
}

function storedMessage(message: Message): StoredMessage {
  const { status } = message
  return { ...without(message, 'chatId'), status: status === 'running' ? 'interrupted' : status }
}
