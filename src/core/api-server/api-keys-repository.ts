import type { ApiKey } from '../../shared/contract/api-server.ts'
import type { Database } from '../database/open-database.ts'

/** The table `api_keys`. Of a key's secret only the hash is kept. */
export class ApiKeysRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** In order of creation. */
  list(): { key: ApiKey; hash: string }[] {
    const rows = this.#database.prepare('SELECT * FROM api_keys ORDER BY created_at, id').all()
    return rows.map((row) => fromRow(row as unknown as ApiKeyRow))
  }

  insert({ id, name, ending, scopes, createdAt, lastUsedAt }: ApiKey, hash: string): void {
    this.#database
      .prepare(
        `INSERT INTO api_keys (id, name, hash, ending, scopes, created_at, last_used_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(id, name, hash, ending, JSON.stringify(scopes), createdAt, lastUsedAt)
  }

  setLastUsedAt(keyId: string, lastUsedAt: number): void {
    this.#database.prepare('UPDATE api_keys SET last_used_at = ? WHERE id = ?').run(lastUsedAt, keyId)
  }

  delete(keyId: string): void {
    this.#database.prepare('DELETE FROM api_keys WHERE id = ?').run(keyId)
  }
}

interface ApiKeyRow {
  id: string
  name: string
  hash: string
  ending: string
  scopes: string
  created_at: number
  last_used_at: number | null
}

function fromRow(row: ApiKeyRow): { key: ApiKey; hash: string } {
  const { id, name, hash, ending, scopes, created_at: createdAt, last_used_at: lastUsedAt } = row
  return { key: { id, name, ending, scopes: JSON.parse(scopes), createdAt, lastUsedAt }, hash }
}
