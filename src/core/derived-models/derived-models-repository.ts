import { transaction, type Database } from '../database/open-database.ts'
import type { DerivedModel } from './derived-model.ts'

/** The table `derived_models`. */
export class DerivedModelsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** In order of creation. */
  list(): DerivedModel[] {
    const rows = this.#database.prepare('SELECT * FROM derived_models ORDER BY created_at, id').all()
    return rows.map((row) => fromRow(row as unknown as DerivedModelRow))
  }

  /** In the place of another, if there was one. */
  save(model: DerivedModel, replacedId: string | undefined): void {
    const { id, name, modelId, systemPrompt, sampling, loadOverrides, modelfile, createdAt } = model
    transaction(this.#database, () => {
      if (replacedId !== undefined) this.delete(replacedId)
      this.#database
        .prepare(
          `INSERT INTO derived_models
             (id, name, model_id, system_prompt, sampling, load_overrides, modelfile, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          id,
          name,
          modelId,
          systemPrompt,
          JSON.stringify(sampling),
          JSON.stringify(loadOverrides),
          modelfile,
          createdAt,
        )
    })
  }

  delete(id: string): void {
    this.#database.prepare('DELETE FROM derived_models WHERE id = ?').run(id)
  }
}

interface DerivedModelRow {
  id: string
  name: string
  model_id: string
  system_prompt: string
  sampling: string
  load_overrides: string
  modelfile: string
  created_at: number
}

function fromRow(row: DerivedModelRow): DerivedModel {
  return {
    id: row.id,
    name: row.name,
    modelId: row.model_id,
    systemPrompt: row.system_prompt,
    sampling: JSON.parse(row.sampling),
    loadOverrides: JSON.parse(row.load_overrides),
    modelfile: row.modelfile,
    createdAt: row.created_at,
  }
}
