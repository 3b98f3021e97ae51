import type { Chat, Message } from '../../shared/contract/chats.ts'
import { transaction, type Database } from '../database/open-database.ts'

/** What a person or a run changes of a chat. */
export type ChatChanges = Partial<Omit<Chat, 'id' | 'createdAt'>>

const chatColumns: Record<keyof Chat, string> = {
  id: 'id',
  folderId: 'folder_id',
  mode: 'mode',
  title: 'title',
  titleSource: 'title_source',
  systemPrompt: 'system_prompt',
  sampling: 'sampling',
  presetId: 'preset_id',
  contextPolicy: 'context_policy',
  modelId: 'model_id',
  activeLeafId: 'active_leaf_id',
  draft: 'draft',
  draftAttachments: 'draft_attachments',
  queue: 'queue',
  pinnedAt: 'pinned_at',
  isUnread: 'is_unread',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
}

/** The tables `chats` and `messages`. Chats in the trash are found only where that is said. */
export class ChatsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Newest first, by the last message added. */
  list(): Chat[] {
    const rows = this.#database
      .prepare('SELECT * FROM chats WHERE trashed_at IS NULL ORDER BY updated_at DESC, id DESC')
      .all()
    return rows.map((row) => chatFromRow(row as unknown as ChatRow))
  }

  find(chatId: string): Chat | null {
    const row = this.#database.prepare('SELECT * FROM chats WHERE id = ? AND trashed_at IS NULL').get(chatId)
    return row ? chatFromRow(row as unknown as ChatRow) : null
  }

  /** With its messages, parents before those below them. All or nothing. */
  insert(chat: Chat, messages: Message[]): void {
    const { activeLeafId, ...others } = chat
    const names = Object.keys(others) as (keyof typeof others)[]
    transaction(this.#database, () => {
      this.#database
        .prepare(
          `INSERT INTO chats (${names.map((name) => chatColumns[name]).join(', ')})
           VALUES (${names.map(() => '?').join(', ')})`,
        )
        .run(...names.map((name) => columnValue(chat[name])))
      this.#insertMessages(messages)
      this.update(chat.id, { activeLeafId })
    })
  }

  update(chatId: string, changes: ChatChanges): void {
    const names = (Object.keys(changes) as (keyof ChatChanges)[]).filter((name) => changes[name] !== undefined)
    if (names.length === 0) return
    this.#database
      .prepare(`UPDATE chats SET ${names.map((name) => `${chatColumns[name]} = ?`).join(', ')} WHERE id = ?`)
      .run(...names.map((name) => columnValue(changes[name]!)), chatId)
  }

  /** The whole tree of one chat, in order of creation. */
  messages(chatId: string): Message[] {
    const rows = this.#database
      .prepare('SELECT * FROM messages WHERE chat_id = ? AND deleted_at IS NULL ORDER BY id')
      .all(chatId)
    return rows.map((row) => messageFromRow(row as unknown as MessageRow))
  }

  /** The last `count` messages of the path to `leafId`, and the messages beside them, in order of creation. */
  tail(chatId: string, leafId: string | null, count: number): Message[] {
    const rows = this.#database
      .prepare(
        `WITH RECURSIVE path (parent_id, depth) AS (
           SELECT parent_id, 1 FROM messages WHERE id = ?
           UNION ALL
           SELECT messages.parent_id, depth + 1 FROM messages JOIN path ON messages.id = path.parent_id WHERE depth < ?
         )
         SELECT messages.* FROM path JOIN messages USING (parent_id) WHERE deleted_at IS NULL
         UNION ALL
         SELECT * FROM messages WHERE EXISTS (SELECT 1 FROM path WHERE parent_id IS NULL)
           AND chat_id = ? AND parent_id IS NULL AND deleted_at IS NULL
         ORDER BY id`,
      )
      .all(leafId, count, chatId)
    return rows.map((row) => messageFromRow(row as unknown as MessageRow))
  }

  /** Also finds messages of chats in the trash, but none of a deleted branch. */
  findMessage(messageId: string): Message | null {
    const row = this.#database.prepare('SELECT * FROM messages WHERE id = ? AND deleted_at IS NULL').get(messageId)
    return row ? messageFromRow(row as unknown as MessageRow) : null
  }

  /** From the chat's first message down to this one. */
  path(messageId: string): Message[] {
    const rows = this.#database
      .prepare(
        `WITH RECURSIVE path (id, parent_id, depth) AS (
           SELECT id, parent_id, 0 FROM messages WHERE id = ?
           UNION ALL
           SELECT messages.id, messages.parent_id, depth + 1 FROM messages JOIN path ON messages.id = path.parent_id
         )
         SELECT messages.* FROM path JOIN messages USING (id) ORDER BY depth DESC`,
      )
      .all(messageId)
    return rows.map((row) => messageFromRow(row as unknown as MessageRow))
  }

  /** Adds messages of one chat and changes the chat, all or nothing. */
  addMessages(messages: Message[], chatId: string, changes: ChatChanges): void {
    transaction(this.#database, () => {
      this.#insertMessages(messages)
      this.update(chatId, changes)
    })
  }

  /** Text, status, failure and run card; of a message, only its summary and its comparison change besides. */
  saveAnswer({ id, text, status, failure, runCard }: Message): void {
    this.#database
      .prepare('UPDATE messages SET text = ?, status = ?, failure = ?, run_card = ? WHERE id = ?')
      .run(text, status, json(failure), json(runCard), id)
  }

  saveSummary(messageId: string, summary: Message['summary']): void {
    this.#database.prepare('UPDATE messages SET summary = ? WHERE id = ?').run(json(summary), messageId)
  }

  /** The answers of this message were asked for side by side. */
  setCompared(messageId: string): void {
    this.#database.prepare('UPDATE messages SET is_compared = 1 WHERE id = ?').run(messageId)
  }

  #insertMessages(messages: Message[]): void {
    const insert = this.#database.prepare(
      `INSERT INTO messages
         (id, chat_id, parent_id, role, text, status, failure, run_card, attachments, summary, is_compared, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    for (const message of messages) insert.run(...messageValues(message))
  }

  /** What no process is writing any more: to be called before the first run. */
  markRunningInterrupted(): void {
    this.#database.exec("UPDATE messages SET status = 'interrupted', failure = NULL WHERE status = 'running'")
  }
}

export interface ChatRow {
  id: string
  folder_id: string | null
  title: string
  title_source: Chat['titleSource']
  system_prompt: string | null
  sampling: string
  mode: Chat['mode']
  preset_id: string | null
  context_policy: Chat['contextPolicy']
  model_id: string | null
  active_leaf_id: string | null
  draft: string
  draft_attachments: string
  queue: string
  pinned_at: number | null
  is_unread: number
  created_at: number
  updated_at: number
}

export function chatFromRow(row: ChatRow): Chat {
  return {
    id: row.id,
    folderId: row.folder_id,
    title: row.title,
    titleSource: row.title_source,
    systemPrompt: row.system_prompt,
    mode: row.mode,
    sampling: JSON.parse(row.sampling),
    presetId: row.preset_id,
    contextPolicy: row.context_policy,
    modelId: row.model_id,
    activeLeafId: row.active_leaf_id,
    draft: row.draft,
    draftAttachments: JSON.parse(row.draft_attachments),
    queue: JSON.parse(row.queue),
    pinnedAt: row.pinned_at,
    isUnread: row.is_unread === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function columnValue(value: Chat[keyof Chat]): string | number | null {
  if (typeof value === 'boolean') return Number(value)
  return typeof value === 'object' ? json(value) : value
}

interface MessageRow {
  id: string
  chat_id: string
  parent_id: string | null
  role: Message['role']
  text: string
  status: Message['status']
  failure: string | null
  run_card: string | null
  attachments: string
  summary: string | null
  is_compared: number
  created_at: number
}

function messageFromRow(row: MessageRow): Message {
  return {
    id: row.id,
    chatId: row.chat_id,
    parentId: row.parent_id,
    role: row.role,
    text: row.text,
    status: row.status,
    failure: row.failure === null ? null : JSON.parse(row.failure),
    runCard: row.run_card === null ? null : JSON.parse(row.run_card),
    attachments: JSON.parse(row.attachments),
    summary: row.summary === null ? null : JSON.parse(row.summary),
    isCompared: row.is_compared === 1,
    createdAt: row.created_at,
  }
}

/** In the order of `addMessages`. */
function messageValues(message: Message): (string | number | null)[] {
  const { id, chatId, parentId, role, text, status, failure, runCard, attachments, summary, isCompared } = message
  return [
    id,
    chatId,
    parentId,
    role,
    text,
    status,
    json(failure),
    json(runCard),
    json(attachments),
    json(summary),
    Number(isCompared),
    message.createdAt,
  ]
}

function json(value: object | null): string | null {
  return value && JSON.stringify(value)
}
