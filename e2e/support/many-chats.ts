/** Chats as if they had been had, written into the data folder. */
import { join } from 'node:path'
import { v7 as uuid } from 'uuid'
import { openDatabase, transaction } from '../../src/core/database/open-database.ts'
import type { App } from './app-test.ts'

export interface WrittenChat {
  title: string
  /** A question and an answer; without it, the chat has no messages. */
  texts?: [string, string]
  /** How long ago its last message was; now by default. */
  daysAgo?: number
}

const dayMs = 86_400_000

/** Shows the window with these chats, the first one at the top of its day, and returns their ids. */
export async function withChats(app: App, chats: readonly WrittenChat[]): Promise<string[]> {
  await app.host.stop()
  const ids = writeChats(app.dataDirectory, chats)
  await app.restart('stop')
  return ids
}

function writeChats(dataDirectory: string, chats: readonly WrittenChat[]): string[] {
  const database = openDatabase(join(dataDirectory, 'yangtuo.db'))
  const insertChat = database.prepare(
    `INSERT INTO chats (id, title, title_source, sampling, draft, created_at, updated_at)
     VALUES (?, ?, 'person', '{}', '', ?, ?)`,
  )
  const insertMessage = database.prepare(
    `INSERT INTO messages (id, chat_id, parent_id, role, text, status, created_at)
     VALUES (?, ?, ?, ?, ?, 'complete', ?)`,
  )
  const setLeaf = database.prepare('UPDATE chats SET active_leaf_id = ? WHERE id = ?')
  const ids = chats.map(() => uuid())
  const now = Date.now()
  transaction(database, () => {
    for (const [index, { title, texts, daysAgo = 0 }] of chats.entries()) {
      const chatId = ids[index]!
      const atMs = now - daysAgo * dayMs - index
      insertChat.run(chatId, title, atMs, atMs)
      if (!texts) continue
      const [questionId, answerId] = [uuid(), uuid()]
      insertMessage.run(questionId, chatId, null, 'user', texts[0], atMs)
      insertMessage.run(answerId, chatId, questionId, 'assistant', texts[1], atMs)
      setLeaf.run(answerId, chatId)
    }
  })
  database.close()
  return ids
}
