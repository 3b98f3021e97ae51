import type { Preset, PromptVersion } from '../../shared/contract/presets.ts'
import { transaction, type Database } from '../database/open-database.ts'

/** The table `presets`: a person's own. And `prompt_versions`, which the database fills by itself (0030). */
export class PresetsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** In order of creation. */
  list(): Preset[] {
    const rows = this.#database.prepare('SELECT * FROM presets ORDER BY created_at, id').all()
    return rows.map((row) => fromRow(row as unknown as PresetRow))
  }

  /** Inserts them, or changes those with the same ids; all or nothing. */
  save(presets: readonly Preset[]): void {
    const upsert = this.#database.prepare(
      `INSERT INTO presets (id, name, source, system_prompt, sampling, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, system_prompt = excluded.system_prompt,
         sampling = excluded.sampling, updated_at = excluded.updated_at`,
    )
    transaction(this.#database, () => {
      for (const { id, name, source, systemPrompt, sampling, createdAt, updatedAt } of presets) {
        upsert.run(id, name, source, systemPrompt, JSON.stringify(sampling), createdAt, updatedAt)
      }
    })
  }

  delete(presetId: string): void {
    this.#database.prepare('DELETE FROM presets WHERE id = ?').run(presetId)
  }

  /** Newest first, at most 100. */
  promptVersions(owner: 'chat' | 'folder' | 'preset', ownerId: string): PromptVersion[] {
    const rows = this.#database
      .prepare(
        `SELECT id, text, saved_at AS savedAt FROM prompt_versions
         WHERE owner = ? AND owner_id = ? ORDER BY saved_at DESC LIMIT 100`,
      )
      .all(owner, ownerId)
    return rows as unknown as PromptVersion[]
  }
}

interface PresetRow {
  id: string
  name: string
  source: string
  system_prompt: string | null
  sampling: string
  created_at: number
  updated_at: number
}

function fromRow(row: PresetRow): Preset {
  return {
    id: row.id,
    name: row.name,
    source: row.source,
    isBuiltIn: false,
    systemPrompt: row.system_prompt,
    sampling: JSON.parse(row.sampling),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
