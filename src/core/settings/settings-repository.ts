import { defaultSettings, settingsSchema, type Settings } from '../../shared/contract/settings.ts'
import { transaction, type Database } from '../database/open-database.ts'

/** One row of JSON for each setting that was ever changed. */
export class SettingsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** A row that is missing or that the schema refuses (another version wrote it) counts as the default. */
  read(): Settings {
    const rows = this.#database.prepare('SELECT key, value FROM settings').all() as { key: string; value: string }[]
    return Object.assign({}, defaultSettings, ...rows.map(({ key, value }) => parse(key, value)))
  }

  write(changes: Partial<Settings>): void {
    const upsert = this.#database.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)')
    transaction(this.#database, () => {
      for (const [key, value] of Object.entries(changes)) upsert.run(key, JSON.stringify(value))
    })
  }
}

function parse(key: string, value: string): Partial<Settings> {
  try {
    return settingsSchema.partial().parse({ [key]: JSON.parse(value) })
  } catch {
    return {}
  }
}
