/** Writes many chats into a data folder that no host has open: half of them Chinese, half English, as real text as is at hand. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { v7 as uuid } from 'uuid'
import type { Database } from '../../src/core/database/open-database.ts'
import { transaction } from '../../src/core/database/open-database.ts'

const root = resolve(import.meta.dirname, '../..')
const minuteMs = 60_000
const answerLength = 600
const questionLength = 60

/** Messages in chats of `chatLength`, one every ten minutes; the texts are the same at every call. */
export function writeManyMessages(database: Database, messageCount: number, chatLength: number): void {
  const text = textWriter()
  const insertChat = database.prepare(
    `INSERT INTO chats (id, title, title_source, sampling, draft, created_at, updated_at)
     VALUES (?, ?, 'person', '{}', '', ?, ?)`,
  )
  const insertMessage = database.prepare(
    `INSERT INTO messages (id, chat_id, parent_id, role, text, status, created_at) VALUES (?, ?, ?, ?, ?, 'complete', ?)`,
  )
  const setLeaf = database.prepare('UPDATE chats SET active_leaf_id = ? WHERE id = ?')
  const firstAt = Date.now() - messageCount * 10 * minuteMs
  transaction(database, () => {
    for (let start = 0; start < messageCount; start += chatLength) {
      const isChinese = (start / chatLength) % 2 === 0
      const chatId = uuid()
      const at = (index: number) => firstAt + index * 10 * minuteMs
      insertChat.run(chatId, text(isChinese, 20), at(start), at(start + chatLength - 1))
      let parentId: string | null = null
      for (let i = start; i < Math.min(start + chatLength, messageCount); i++) {
        const id = uuid()
        const [role, length] = i % 2 === 0 ? ['user', questionLength] : ['assistant', answerLength]
        insertMessage.run(id, chatId, parentId, role, text(isChinese, Number(length)), at(i))
        parentId = id
      }
      setLeaf.run(parentId, chatId)
    }
  })
}

/** English is taken from the read-me files of packages; Chinese from the app's words, and characters by Zipf's law. */
function textWriter(): (isChinese: boolean, length: number) => string {
  const packages = resolve(root, 'node_modules')
  const english = readdirSync(packages)
    .flatMap((name) => readIfThere(join(packages, name, 'README.md')).split(/\s+/))
    .filter((word) => word !== '')
  const chineseFiles = [join(root, 'build/demo-model/dialogues.json'), ...filesIn(join(root, 'src/renderer/lib/i18n/zh'))]
  const chinese = chineseFiles.flatMap((path) => readIfThere(path).match(/[\u4e00-\u9fff]{2,}[，。？]?/g) ?? [])
  let seed = 1
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
  const byZipf = () => String.fromCharCode(0x4e00 + Math.floor(3_000 ** random()) * 6)
  return (isChinese, length) => {
    let text = ''
    while (text.length < length) {
      if (!isChinese) {
        const start = Math.floor(random() * (english.length - 12))
        text += `${english.slice(start, start + 12).join(' ')} `
      } else if (random() < 0.5) text += chinese[Math.floor(random() * chinese.length)]!
      else for (let i = 0; i < 8; i++) text += byZipf()
    }
    return text.slice(0, length)
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name))
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
