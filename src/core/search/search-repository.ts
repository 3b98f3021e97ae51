import { transaction, type Database } from '../database/open-database.ts'

export interface FoundMessage {
  /** Of the index; 0 if it is not in it yet. */
  documentId: number
  id: string
  chatId: string
  role: 'user' | 'assistant'
  text: string
  createdAt: number
}

/** Messages of one time stand this close to each other in the index. Smaller numbers make a smaller index. */
const slotMs = 10_000

/** Pages of the index that are merged after each piece of work: as many as ten messages make for all levels of it. */
const mergedPages = 40

const columns = 'messages.id, messages.chat_id AS chatId, role, text, messages.created_at AS createdAt'
const shown = `messages.deleted_at IS NULL
  AND messages.chat_id NOT IN (SELECT id FROM chats WHERE trashed_at IS NOT NULL)`

/**
 * The index of the search. Triggers of the database note each message whose text is new in `search_pending`, so
 * that no one who writes messages has to think of it.
 */
export class SearchRepository {
  readonly #database: Database
  /** Document ids given last, without a gap: where the next free one is. */
  #run = { first: 0, last: 0 }

  constructor(database: Database) {
    this.#database = database
  }

  /** Titles that are not in the trash, newest first. */
  titles(): { id: string; title: string }[] {
    return this.#database
      .prepare('SELECT id, title FROM chats WHERE trashed_at IS NULL ORDER BY updated_at DESC, id DESC')
      .all() as { id: string; title: string }[]
  }

  title(chatId: string): string {
    return this.#database.prepare('SELECT title FROM chats WHERE id = ?').get(chatId)!.title as string
  }

  /** Messages with all of these grams, in the index before a document, newest first. */
  withGrams(grams: string[], beforeDocument: number, limit: number): FoundMessage[] {
    const expression = grams.map((gram) => `"${gram.replaceAll('"', '""')}"`).join(' AND ')
    return this.#database
      .prepare(
        `SELECT search_grams.rowid AS documentId, ${columns}
         FROM search_grams
           CROSS JOIN search_documents AS document ON document.id = search_grams.rowid
           CROSS JOIN messages ON messages.id = document.message_id
         WHERE search_grams MATCH ? AND search_grams.rowid < ?
           AND document.chat_id NOT IN (SELECT id FROM chats WHERE trashed_at IS NOT NULL)
           AND messages.deleted_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM search_pending WHERE message_id = messages.id)
         ORDER BY search_grams.rowid DESC LIMIT ?`,
      )
      .all(expression, beforeDocument, limit) as unknown as FoundMessage[]
  }

  /** Messages whose text as it is now is not in the index, by descending id. */
  pending(beforeId: string, limit: number): FoundMessage[] {
    return this.#database
      .prepare(
        `SELECT 0 AS documentId, ${columns} FROM search_pending JOIN messages ON messages.id = message_id
         WHERE message_id < ? AND ${shown} ORDER BY message_id DESC LIMIT ?`,
      )
      .all(beforeId, limit) as unknown as FoundMessage[]
  }

  /** Brings some of what is pending into the index, but for answers that still grow. Returns how many. */
  indexPending(limit: number, gramsOf: (text: string) => Iterable<string>): number {
    const messages = this.#database
      .prepare(
        `SELECT search_pending.message_id AS id, search_documents.id AS documentId, messages.chat_id AS chatId, text,
           created_at AS createdAt
         FROM search_pending JOIN messages ON messages.id = search_pending.message_id
           LEFT JOIN search_documents USING (message_id)
         WHERE status <> 'running' ORDER BY search_pending.message_id DESC LIMIT ?`,
      )
      .all(limit) as unknown as (Omit<FoundMessage, 'documentId' | 'role'> & { documentId: number | null })[]
    if (messages.length === 0) return 0
    const addDocument = this.#database.prepare('INSERT INTO search_documents VALUES (?, ?, ?)')
    const setGrams = this.#database.prepare('INSERT OR REPLACE INTO search_grams (rowid, grams) VALUES (?, ?)')
    const mergeSome = this.#database.prepare(
      `INSERT INTO search_grams (search_grams, rank) VALUES ('merge', ${mergedPages})`,
    )
    const isDone = this.#database.prepare('DELETE FROM search_pending WHERE message_id = ?')
    transaction(this.#database, () => {
      for (const { id, documentId, chatId, text, createdAt } of messages) {
        const rowid = documentId ?? this.#freeDocumentId(createdAt)
        if (documentId === null) addDocument.run(rowid, id, chatId)
        setGrams.run(rowid, [...gramsOf(text)].join(' '))
        isDone.run(id)
      }
      mergeSome.run()
    })
    return messages.length
  }

  /** The first free one from the message's time on, so that documents are in order of time. */
  #freeDocumentId(createdAt: number): number {
    const isTaken = this.#database.prepare('SELECT 1 FROM search_documents WHERE id = ?')
    let id = Math.max(1, Math.floor(createdAt / slotMs))
    if (id >= this.#run.first && id <= this.#run.last) id = this.#run.last + 1
    while (isTaken.get(id)) id++
    this.#run = id === this.#run.last + 1 ? { first: this.#run.first, last: id } : { first: id, last: id }
    return id
  }
}
