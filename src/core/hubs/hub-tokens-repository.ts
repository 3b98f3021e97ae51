import type { SourceId } from '../../shared/contract/hubs.ts'
import type { Database } from '../database/open-database.ts'

/** The table `hub_tokens`. A token is kept with the origin it was given for, and is found for no other. */
export class HubTokensRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  find(sourceId: SourceId, origin: string): string | null {
    const row = this.#database
      .prepare('SELECT token FROM hub_tokens WHERE source_id = ? AND origin = ?')
      .get(sourceId, origin)
    return (row?.token as string | undefined) ?? null
  }

  save(sourceId: SourceId, origin: string, token: string): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO hub_tokens (source_id, origin, token) VALUES (?, ?, ?)')
      .run(sourceId, origin, token)
  }

  delete(sourceId: SourceId): void {
    this.#database.prepare('DELETE FROM hub_tokens WHERE source_id = ?').run(sourceId)
  }
}
