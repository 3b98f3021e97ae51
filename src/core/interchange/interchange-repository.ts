import type { Chat } from '../../shared/contract/chats.ts'
import type { Folder } from '../../shared/contract/folders.ts'
import { chatFromRow } from '../chats/chats-repository.ts'
import type { ChatRow } from '../chats/chats-repository.ts'
import type { Database } from '../database/open-database.ts'
import { folderFromRow } from '../folders/folders-repository.ts'
import type { FolderRow } from '../folders/folders-repository.ts'
import type { StoredPromptVersion } from './records.ts'

type Trashed = { trashedAt: number | null }

/**
 * What export and import need of the tables of chats, folders and prompts besides what their own repositories do: the
 * trash too.
 */
export class InterchangeRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** All, by id, so by creation. */
  chatIds(): string[] {
    return this.#database
      .prepare('SELECT id FROM chats ORDER BY id')
      .all()
      .map(({ id }) => id as string)
  }

  /** Also of the trash. */
  chat(chatId: string): (Chat & Trashed) | null {
    const row = this.#database.prepare('SELECT * FROM chats WHERE id = ?').get(chatId)
    return row ? { ...chatFromRow(row as unknown as ChatRow), trashedAt: row.trashed_at as number | null } : null
  }

  /** Also of the trash. */
  folders(): (Folder & Trashed)[] {
    const rows = this.#database.prepare('SELECT * FROM folders ORDER BY position, id').all()
    return rows.map((row) => ({
      ...folderFromRow(row as unknown as FolderRow),
      trashedAt: row.trashed_at as number | null,
    }))
  }

  promptVersions(): StoredPromptVersion[] {
    return this.#database
      .prepare(
        'SELECT id, owner, owner_id AS ownerId, text, saved_at AS savedAt FROM prompt_versions ORDER BY saved_at',
      )
      .all() as unknown as StoredPromptVersion[]
  }

  /** Which chats these messages are in, deleted branches included: message id → chat id. */
  ownersOf(messageIds: string[]): Map<string, string> {
    const rows = this.#database
      .prepare('SELECT id, chat_id FROM messages WHERE id IN (SELECT value FROM json_each(?))')
      .all(JSON.stringify(messageIds))
    return new Map(rows.map(({ id, chat_id }) => [id as string, chat_id as string]))
  }

  hasModel(modelId: string): boolean {
    return this.#database.prepare('SELECT 1 FROM models WHERE id = ?').get(modelId) !== undefined
  }

  setChatTrashedAt(chatId: string, trashedAt: number): void {
    this.#database.prepare('UPDATE chats SET trashed_at = ? WHERE id = ?').run(trashedAt, chatId)
  }

  setFolderTrashedAt(folderId: string, trashedAt: number | null): void {
    this.#database.prepare('UPDATE folders SET trashed_at = ? WHERE id = ?').run(trashedAt, folderId)
  }

  /** One that is there already stays as it is. */
  addPromptVersion({ id, owner, ownerId, text, savedAt }: StoredPromptVersion): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO prompt_versions (id, owner, owner_id, text, saved_at) VALUES (?, ?, ?, ?, ?)')
      .run(id, owner, ownerId, text, savedAt)
  }
}
