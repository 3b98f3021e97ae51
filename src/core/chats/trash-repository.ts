import type { TrashedChat } from '../../shared/contract/chats.ts'
import { transaction, type Database } from '../database/open-database.ts'

/** What is in the trash of the tables `chats` and `folders`. What went there together has the same `trashed_at`. */
export class TrashRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Newest first. */
  list(): TrashedChat[] {
    return this.#database
      .prepare(
        `SELECT chats.id, title, chats.trashed_at AS trashedAt, folders.name AS folderName,
           (SELECT count(*) FROM messages WHERE chat_id = chats.id)
             - (SELECT count(*) FROM messages WHERE chat_id = chats.id AND deleted_at IS NOT NULL) AS messageCount
         FROM chats LEFT JOIN folders ON folders.id = chats.folder_id AND folders.trashed_at IS NOT NULL
         WHERE chats.trashed_at IS NOT NULL ORDER BY chats.trashed_at DESC, chats.id DESC`,
      )
      .all() as unknown as TrashedChat[]
  }

  /** Those of the chats that are there, in the trash or not. */
  existing(chatIds: string[]): { id: string; isTrashed: boolean }[] {
    return this.#database
      .prepare('SELECT id, trashed_at FROM chats WHERE id IN (SELECT value FROM json_each(?))')
      .all(JSON.stringify(chatIds))
      .map(({ id, trashed_at }) => ({ id: id as string, isTrashed: trashed_at !== null }))
  }

  trashChats(chatIds: string[]): void {
    this.#database
      .prepare('UPDATE chats SET trashed_at = ? WHERE id IN (SELECT value FROM json_each(?))')
      .run(this.#newTrashedAt(), JSON.stringify(chatIds))
  }

  /** With the folders they are in and those above. */
  restoreChats(chatIds: string[]): void {
    const ids = JSON.stringify(chatIds)
    transaction(this.#database, () => {
      this.#restoreFoldersAndAbove('SELECT folder_id FROM chats WHERE id IN (SELECT value FROM json_each(?))', ids)
      this.#database
        .prepare('UPDATE chats SET trashed_at = NULL WHERE id IN (SELECT value FROM json_each(?))')
        .run(ids)
    })
  }

  /** With all folders and chats in it that are not in the trash yet. Returns those chats. */
  trashFolder(folderId: string): string[] {
    const trashedAt = this.#newTrashedAt()
    return transaction(this.#database, () => {
      this.#database
        .prepare(
          `WITH RECURSIVE below (id) AS (
             VALUES (?)
             UNION
             SELECT folders.id FROM folders JOIN below ON folders.parent_id = below.id WHERE trashed_at IS NULL
           )
           UPDATE folders SET trashed_at = ? WHERE id IN below`,
        )
        .run(folderId, trashedAt)
      return this.#database
        .prepare(
          `UPDATE chats SET trashed_at = ?1 WHERE trashed_at IS NULL
             AND folder_id IN (SELECT id FROM folders WHERE trashed_at = ?1) RETURNING id`,
        )
        .all(trashedAt)
        .map(({ id }) => id as string)
    })
  }

  /**
   * Brings back a folder with what went to the trash together with it, and the folders above it. Returns its
   * chats that were brought back; null if there is no such folder.
   */
  restoreFolder(folderId: string): string[] | null {
    const row = this.#database.prepare('SELECT trashed_at FROM folders WHERE id = ?').get(folderId)
    if (!row) return null
    const trashedAt = row.trashed_at as number | null
    return transaction(this.#database, () => {
      const chats = this.#database
        .prepare('UPDATE chats SET trashed_at = NULL WHERE trashed_at = ? RETURNING id')
        .all(trashedAt)
      this.#database.prepare('UPDATE folders SET trashed_at = NULL WHERE trashed_at = ?').run(trashedAt)
      this.#restoreFoldersAndAbove('VALUES (?)', folderId)
      return chats.map(({ id }) => id as string)
    })
  }

  /** For good: the chats, their messages and the versions of their system prompts. All or nothing. */
  deleteChats(chatIds: string[]): void {
    const ids = JSON.stringify(chatIds)
    const run = (sql: string) => this.#database.prepare(`${sql} IN (SELECT value FROM json_each(?))`).run(ids)
    transaction(this.#database, () => {
      // Cut loose first: SQLite deletes below a message by recursion, which ends at a depth of 1,000.
      run('UPDATE messages SET parent_id = NULL WHERE parent_id IS NOT NULL AND chat_id')
      run("DELETE FROM prompt_versions WHERE owner = 'chat' AND owner_id")
      run('DELETE FROM chats WHERE id')
    })
  }

  /** Folders in the trash that no chat is in: nothing leads to them any more. */
  deleteEmptyFolders(): void {
    transaction(this.#database, () => {
      this.#database.exec(
        `WITH RECURSIVE used (id) AS (
           SELECT folder_id FROM chats WHERE folder_id IS NOT NULL
           UNION
           SELECT id FROM folders WHERE trashed_at IS NULL
           UNION
           SELECT folders.parent_id FROM folders JOIN used ON folders.id = used.id WHERE parent_id IS NOT NULL
         )
         DELETE FROM folders WHERE id NOT IN used;
         DELETE FROM prompt_versions WHERE owner = 'folder' AND owner_id NOT IN (SELECT id FROM folders)`,
      )
    })
  }

  /** Now, or later than all that is in the trash: two deletions never have the same time. */
  #newTrashedAt(): number {
    const { last } = this.#database
      .prepare(
        `SELECT max(coalesce((SELECT max(trashed_at) FROM chats), 0),
                    coalesce((SELECT max(trashed_at) FROM folders), 0)) AS last`,
      )
      .get() as { last: number }
    return Math.max(Date.now(), last + 1)
  }

  /** `folderIds`: a query with one parameter. */
  #restoreFoldersAndAbove(folderIds: string, parameter: string): void {
    this.#database
      .prepare(
        `WITH RECURSIVE above (id) AS (
           ${folderIds}
           UNION
           SELECT parent_id FROM folders JOIN above USING (id)
         )
         UPDATE folders SET trashed_at = NULL WHERE id IN above AND trashed_at IS NOT NULL`,
      )
      .run(parameter)
  }
}
