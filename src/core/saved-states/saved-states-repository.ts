import type { Database } from '../database/open-database.ts'

export interface SavedStateRow {
  chatId: string
  key: string
  tokens: number
  sizeBytes: number
  /** ms since 1970. */
  usedAt: number
}

const columns = 'chat_id AS chatId, key, tokens, size_bytes AS sizeBytes, used_at AS usedAt'

/** The table `saved_states`. */
export class SavedStatesRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  find(chatId: string): SavedStateRow | null {
    const row = this.#database.prepare(`SELECT ${columns} FROM saved_states WHERE chat_id = ?`).get(chatId)
    return (row as unknown as SavedStateRow | undefined) ?? null
  }

  /** The longest unused first. */
  list(): SavedStateRow[] {
    return this.#database.prepare(`SELECT ${columns} FROM saved_states ORDER BY used_at`).all() as unknown as SavedStateRow[]
  }

  usage(): { bytes: number; chats: number } {
    const row = this.#database
      .prepare('SELECT COALESCE(SUM(size_bytes), 0) AS bytes, COUNT(*) AS chats FROM saved_states')
      .get()
    return row as unknown as { bytes: number; chats: number }
  }

  /** false, and nothing is saved, if the chat is not there any more. */
  save({ chatId, key, tokens, sizeBytes, usedAt }: SavedStateRow): boolean {
    const { changes } = this.#database
      .prepare(
        `INSERT OR REPLACE INTO saved_states (chat_id, key, tokens, size_bytes, used_at)
           SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM chats WHERE id = ?)`,
      )
      .run(chatId, key, tokens, sizeBytes, usedAt, chatId)
    return changes > 0
  }

  touch(chatId: string, usedAt: number): void {
    this.#database.prepare('UPDATE saved_states SET used_at = ? WHERE chat_id = ?').run(usedAt, chatId)
  }

  delete(chatId: string): void {
    this.#database.prepare('DELETE FROM saved_states WHERE chat_id = ?').run(chatId)
  }
}
