/** Writes a long conversation into a data folder that no host has open, as if it had been had. */
import { join } from 'node:path'
import { v7 as uuid } from 'uuid'
import { openDatabase, transaction } from '../../src/core/database/open-database.ts'

/** Makes a chat named `title` with `messageCount` messages of some Markdown; returns its id. */
export function writeLongThread(dataDirectory: string, title: string, messageCount: number): string {
  return writeChat(dataDirectory, title, Array.from({ length: messageCount }, (_, i) => (i % 2 === 0 ? question(i) : answer(i))))
}

/** Makes a chat of these texts, a question and an answer by turns; returns its id. */
export function writeChat(dataDirectory: string, title: string, texts: readonly string[]): string {
  const database = openDatabase(join(dataDirectory, 'yangtuo.db'))
  const chatId = uuid()
  const now = Date.now()
  const insertMessage = database.prepare(
    `INSERT INTO messages (id, chat_id, parent_id, role, text, status, created_at) VALUES (?, ?, ?, ?, ?, 'complete', ?)`,
  )
  transaction(database, () => {
    database
      .prepare(
        `INSERT INTO chats (id, title, title_source, system_prompt, sampling, draft, created_at, updated_at)
         VALUES (?, ?, 'person', '', '{"temperature":0,"repeatPenalty":1}', '', ?, ?)`,
      )
      .run(chatId, title, now, now)
    let parentId: string | null = null
    texts.forEach((text, i) => {
      const id = uuid()
      insertMessage.run(id, chatId, parentId, i % 2 === 0 ? 'user' : 'assistant', text, now + i)
      parentId = id
    })
    database.prepare('UPDATE chats SET active_leaf_id = ? WHERE id = ?').run(parentId, chatId)
  })
  database.close()
  return chatId
}

const question = (i: number) => `第 ${i / 2 + 1} 个问题：羊驼和美洲驼有什么不同？`
const answer = (i: number) => `**羊驼**比美洲驼小，毛更细（第 ${(i + 1) / 2} 次回答）：

- 羊驼约 60 kg，美洲驼约 130 kg
- 羊驼为毛而养，美洲驼为驮运而养

\`\`\`ts
const kilograms = { alpaca: 60, llama: 130 }
\`\`\``
