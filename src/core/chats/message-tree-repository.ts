import { transaction, type Database } from '../database/open-database.ts'

const branch = /* sql */ `
  WITH RECURSIVE branch (id) AS (
    VALUES (?)
    UNION ALL
    SELECT messages.id FROM messages JOIN branch ON messages.parent_id = branch.id
  )`

/** The branches of the table `messages`, and those that were deleted and may still be brought back. */
export class MessageTreeRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Whether a message of the chat is being written. */
  isRunning(chatId: string): boolean {
    const sql = "SELECT 1 FROM messages WHERE chat_id = ? AND status = 'running' AND deleted_at IS NULL"
    return this.#database.prepare(sql).get(chatId) !== undefined
  }

  /** Whether `messageId` is `branchId` or below it. */
  isInBranch(messageId: string, branchId: string): boolean {
    return (
      this.#database
        .prepare(
          `WITH RECURSIVE above (id) AS (
             VALUES (?)
             UNION ALL
             SELECT parent_id FROM messages JOIN above USING (id) WHERE parent_id IS NOT NULL
           )
           SELECT 1 FROM above WHERE id = ?`,
        )
        .get(messageId, branchId) !== undefined
    )
  }

  /** The messages beside this one, in order of creation, itself included. */
  siblings(chatId: string, parentId: string | null): string[] {
    return this.#database
      .prepare('SELECT id FROM messages WHERE chat_id = ? AND parent_id IS ? AND deleted_at IS NULL ORDER BY id')
      .all(chatId, parentId)
      .map(({ id }) => id as string)
  }

  /** Down from a message, always by the newest one below. */
  newestLeaf(messageId: string): string {
    const newestBelow = this.#database.prepare(
      'SELECT max(id) AS id FROM messages WHERE parent_id = ? AND deleted_at IS NULL',
    )
    let leaf = messageId
    for (;;) {
      const { id } = newestBelow.get(leaf) as { id: string | null }
      if (id === null) return leaf
      leaf = id
    }
  }

  /** With all below it; `leafId` becomes the chat's active leaf. */
  deleteBranch(chatId: string, messageId: string, leafId: string | null): void {
    transaction(this.#database, () => {
      this.#database
        .prepare(
          `${branch}
           UPDATE messages SET deleted_at = max(?, 1 + coalesce((SELECT max(deleted_at) FROM messages), 0))
           WHERE id IN branch AND deleted_at IS NULL`,
        )
        .run(messageId, Date.now())
      this.#database.prepare('UPDATE chats SET active_leaf_id = ? WHERE id = ?').run(leafId, chatId)
    })
  }

  /** Brings back a message with what was deleted together with it. Returns all of it; empty if it was not deleted. */
  restoreBranch(messageId: string): string[] {
    return this.#database
      .prepare(
        `${branch}
         UPDATE messages SET deleted_at = NULL
         WHERE id IN branch AND deleted_at = (SELECT deleted_at FROM messages WHERE id = ?) RETURNING id`,
      )
      .all(messageId, messageId)
      .map(({ id }) => id as string)
  }

  /** Where a deleted message stood; null if there is no such message. */
  placeOf(messageId: string): { chatId: string; parentId: string | null } | null {
    const row = this.#database
      .prepare('SELECT chat_id AS chatId, parent_id AS parentId FROM messages WHERE id = ?')
      .get(messageId)
    return row ? (row as { chatId: string; parentId: string | null }) : null
  }

  /** For good: what was deleted before this start, and can no longer be brought back. */
  purge(): void {
    transaction(this.#database, () =>
      this.#database.exec(
        // Cut loose first: SQLite deletes below a message by recursion, which ends at a depth of 1,000.
        `UPDATE messages SET parent_id = NULL WHERE deleted_at IS NOT NULL;
         DELETE FROM messages WHERE deleted_at IS NOT NULL`,
      ),
    )
  }
}
