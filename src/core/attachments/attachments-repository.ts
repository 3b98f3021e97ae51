import type { Database } from '../database/open-database.ts'

/** Which attachments the tables `messages` and `chats` name, deleted branches and the trash included. */
export class AttachmentsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  namedIds(): Set<string> {
    const rows = this.#database
      .prepare(
        `SELECT value ->> 'id' AS id FROM messages, json_each(attachments) WHERE attachments <> '[]'
         UNION
         SELECT value ->> 'id' FROM chats, json_each(draft_attachments)
         UNION
         SELECT attachment.value ->> 'id' FROM chats, json_each(queue) AS queued,
           json_each(queued.value, '$.attachments') AS attachment`,
      )
      .all()
    return new Set(rows.map(({ id }) => id as string))
  }
}
