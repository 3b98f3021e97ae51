import { basename } from 'node:path'
import type { Model } from '../../shared/contract/models.ts'
import type { Database } from '../database/open-database.ts'

/** A model and the modification time (ms since 1970) its file had when it was inspected. */
export interface StoredModel {
  model: Model
  modifiedAt: number
}

/** The table `models`. */
export class ModelsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** In the order they were added. */
  list(): Model[] {
    const rows = this.#database.prepare('SELECT * FROM models ORDER BY id').all()
    return rows.map((row) => fromRow(row as unknown as ModelRow).model)
  }

  find(modelId: string): Model | null {
    return this.#get('id = ?', modelId)?.model ?? null
  }

  findByPath(path: string): StoredModel | null {
    return this.#get('path = ?', path)
  }

  findBundled(): StoredModel | null {
    return this.#get('source = ?', 'bundled')
  }

  /** Inserts it, or replaces the one with the same id. */
  save(model: Omit<Model, 'fileName'>, modifiedAt: number): Model {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO models
           (id, path, type, source, repository, name, size_bytes, part_count, modified_at, architecture,
            parameter_count, quantization, train_context_size, has_chat_template, vocabulary_size, vocabulary_hash,
            kind, load_overrides, is_present, sha256, added_at, last_used_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        model.id,
        model.path,
        model.type,
        model.source,
        model.repository,
        model.name,
        model.sizeBytes,
        model.partCount,
        modifiedAt,
        model.architecture,
        model.parameterCount,
        model.quantization,
        model.trainContextSize,
        Number(model.hasChatTemplate),
        model.vocabularySize,
        model.vocabularyHash,
        model.kind,
        JSON.stringify(model.loadOverrides),
        Number(model.isPresent),
        model.sha256,
        model.addedAt,
        model.lastUsedAt,
      )
    return this.find(model.id)!
  }

  /** Only if the file is still the one that was inspected. */
  setSha256(modelId: string, modifiedAt: number, sha256: string): void {
    this.#database
      .prepare('UPDATE models SET sha256 = ? WHERE id = ? AND modified_at = ?')
      .run(sha256, modelId, modifiedAt)
  }

  setLastUsedAt(modelId: string, lastUsedAt: number): void {
    this.#database.prepare('UPDATE models SET last_used_at = ? WHERE id = ?').run(lastUsedAt, modelId)
  }

  delete(modelId: string): void {
    this.#database.prepare('DELETE FROM models WHERE id = ?').run(modelId)
  }

  #get(condition: string, value: string): StoredModel | null {
    const row = this.#database.prepare(`SELECT * FROM models WHERE ${condition}`).get(value)
    return row ? fromRow(row as unknown as ModelRow) : null
  }
}

interface ModelRow {
  id: string
  path: string
  type: Model['type']
  source: Model['source']
  repository: string | null
  name: string
  size_bytes: number
  part_count: number
  modified_at: number
  architecture: string
  parameter_count: number
  quantization: string
  train_context_size: number
  has_chat_template: number
  vocabulary_size: number
  vocabulary_hash: string
  kind: Model['kind']
  load_overrides: string
  doctor_report: string | null
  is_present: number
  sha256: string | null
  added_at: number
  last_used_at: number | null
}

function fromRow(row: ModelRow): StoredModel {
  return {
    modifiedAt: row.modified_at,
    model: {
      id: row.id,
      name: row.name,
      fileName: basename(row.path),
      path: row.path,
      sizeBytes: row.size_bytes,
      partCount: row.part_count,
      type: row.type,
      source: row.source,
      repository: row.repository,
      architecture: row.architecture,
      parameterCount: row.parameter_count,
      quantization: row.quantization,
      trainContextSize: row.train_context_size,
      hasChatTemplate: row.has_chat_template !== 0,
      vocabularySize: row.vocabulary_size,
      vocabularyHash: row.vocabulary_hash,
      kind: row.kind,
      loadOverrides: JSON.parse(row.load_overrides),
      doctor: null,
      isPresent: row.is_present !== 0,
      sha256: row.sha256,
      addedAt: row.added_at,
      lastUsedAt: row.last_used_at,
    },
  }
}
