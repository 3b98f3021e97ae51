import { basename } from 'node:path'
import type { Report } from '../../shared/contract/doctor.ts'
import type { Model } from '../../shared/contract/models.ts'
import { transaction, type Database } from '../database/open-database.ts'

/** A model and what is known of it that no window needs. */
export interface StoredModel {
  model: Model
  /** Of its (first) file when it was inspected, ms since 1970; 0 = inspect it again. */
  modifiedAt: number
  /** The folder whose scan found it. */
  folderId: string | null
  /** Taken off the list by hand. */
  isRemoved: boolean
  /** `kind` was set by a person. */
  kindIsSet: boolean
  /** As JSON, because it is read for one model at a time. */
  report: string | null
}

/** As much of a model as a scan compares with the file. */
export interface KnownFile {
  id: string
  path: string
  sizeBytes: number
  modifiedAt: number
  folderId: string | null
  isPresent: boolean
  isRemoved: boolean
}

const visible = `is_removed = 0
  AND (folder_id IS NULL OR folder_id IN (SELECT id FROM model_folders WHERE is_on = 1))`
const idsGiven = 'id IN (SELECT value FROM json_each(?))'

/** The table `models`. */
export class ModelsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Ids of the models on the list, those used (else added) last first. */
  listIds(): string[] {
    const rows = this.#database
      .prepare(`SELECT id FROM models WHERE ${visible} ORDER BY COALESCE(last_used_at, added_at) DESC, id`)
      .all()
    return rows.map((row) => row['id'] as string)
  }

  /** Those of the given models that are on the list, in no order. */
  findMany(modelIds: string[]): Model[] {
    return this.#all(`${visible} AND ${idsGiven}`, JSON.stringify(modelIds)).map(({ model }) => model)
  }

  /** null for a model that is not on the list. */
  find(modelId: string): StoredModel | null {
    return this.#all(`${visible} AND id = ?`, modelId)[0] ?? null
  }

  /** One that was taken off the list too. */
  findByPath(path: string): StoredModel | null {
    return this.#all('path = ?', path)[0] ?? null
  }

  findBundled(): StoredModel | null {
    return this.#all('source = ?', 'bundled')[0] ?? null
  }

  /** Of all models, also those that are not on the list: the next ones after that path, in the order of paths. */
  knownFiles(afterPath: string, limit: number): KnownFile[] {
    const rows = this.#database
      .prepare(
        `SELECT id, path, size_bytes, modified_at, folder_id, is_present, is_removed FROM models
         WHERE path > ? ORDER BY path LIMIT ?`,
      )
      .all(afterPath, limit) as unknown as ModelRow[]
    return rows.map((row) => ({
      id: row.id,
      path: row.path,
      sizeBytes: row.size_bytes,
      modifiedAt: row.modified_at,
      folderId: row.folder_id,
      isPresent: row.is_present !== 0,
      isRemoved: row.is_removed !== 0,
    }))
  }

  /** One on the list that has no hash yet, and whose id is none of these. */
  findUnhashed(exceptIds: string[]): StoredModel | null {
    const condition = `${visible} AND is_present = 1 AND sha256 IS NULL AND NOT ${idsGiven} ORDER BY added_at LIMIT 1`
    return this.#all(condition, JSON.stringify(exceptIds))[0] ?? null
  }

  countIn(folderId: string): number {
    const row = this.#database
      .prepare('SELECT COUNT(*) AS count FROM models WHERE is_removed = 0 AND folder_id = ?')
      .get(folderId)
    return row!['count'] as number
  }

  /** Ids of the models on the list that this folder holds. */
  listIdsIn(folderId: string): string[] {
    const rows = this.#database.prepare(`SELECT id FROM models WHERE ${visible} AND folder_id = ?`).all(folderId)
    return rows.map((row) => row['id'] as string)
  }

  /** Inserts each, or replaces the one with the same id: all or none. */
  saveAll(models: StoredModel[]): void {
    const statement = this.#database.prepare(saveSql)
    const save = () => models.forEach((model) => statement.run(toRow(model) as never))
    transaction(this.#database, save)
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

  setPresent(modelIds: string[], isPresent: boolean): void {
    this.#database
      .prepare(`UPDATE models SET is_present = ? WHERE ${idsGiven}`)
      .run(Number(isPresent), JSON.stringify(modelIds))
  }

  setReport(modelId: string, report: Report): void {
    this.#database
      .prepare('UPDATE models SET doctor_report = ?, doctor_grade = ? WHERE id = ?')
      .run(JSON.stringify(report), worstGrade(report), modelId)
  }

  report(modelId: string): Report | null {
    const report = this.find(modelId)?.report
    return report ? (JSON.parse(report) as Report) : null
  }

  delete(modelIds: string[]): void {
    this.#database.prepare(`DELETE FROM models WHERE ${idsGiven}`).run(JSON.stringify(modelIds))
  }

  #all(condition: string, value: string): StoredModel[] {
    const rows = this.#database.prepare(`SELECT * FROM models WHERE ${condition}`).all(value)
    return rows.map((row) => fromRow(row as unknown as ModelRow))
  }
}

/** Of the findings; a report without any is good. */
export function worstGrade({ findings }: Report): NonNullable<Model['doctor']> {
  const grades = findings.map(({ grade }) => grade)
  return (['problem', 'advice'] as const).find((grade) => grades.includes(grade)) ?? 'good'
}

interface ModelRow {
  id: string
  path: string
  type: Model['type']
  source: Model['source']
  folder_id: string | null
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
  kind_is_set: number
  load_overrides: string
  doctor_report: string | null
  doctor_grade: Model['doctor']
  is_present: number
  is_removed: number
  sha256: string | null
  added_at: number
  last_used_at: number | null
}

const columns = [
  ...['id', 'path', 'type', 'source', 'folder_id', 'repository', 'name', 'size_bytes', 'part_count', 'modified_at'],
  ...['architecture', 'parameter_count', 'quantization', 'train_context_size', 'has_chat_template'],
  ...['vocabulary_size', 'vocabulary_hash', 'kind', 'kind_is_set', 'load_overrides', 'doctor_report', 'doctor_grade'],
  ...['is_present', 'is_removed', 'sha256', 'added_at', 'last_used_at'],
] as (keyof ModelRow)[]

const saveSql = `
  INSERT INTO models (${columns.join()}) VALUES (${columns.map((column) => `:${column}`).join()})
  ON CONFLICT (id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join()}`

function toRow({ model, modifiedAt, folderId, isRemoved, kindIsSet, report }: StoredModel): ModelRow {
  return {
    id: model.id,
    path: model.path,
    type: model.type,
    source: model.source,
    folder_id: folderId,
    repository: model.repository,
    name: model.name,
    size_bytes: model.sizeBytes,
    part_count: model.partCount,
    modified_at: modifiedAt,
    architecture: model.architecture,
    parameter_count: model.parameterCount,
    quantization: model.quantization,
    train_context_size: model.trainContextSize,
    has_chat_template: Number(model.hasChatTemplate),
    vocabulary_size: model.vocabularySize,
    vocabulary_hash: model.vocabularyHash,
    kind: model.kind,
    kind_is_set: Number(kindIsSet),
    load_overrides: JSON.stringify(model.loadOverrides),
    doctor_report: report,
    doctor_grade: model.doctor,
    is_present: Number(model.isPresent),
    is_removed: Number(isRemoved),
    sha256: model.sha256,
    added_at: model.addedAt,
    last_used_at: model.lastUsedAt,
  }
}

function fromRow(row: ModelRow): StoredModel {
  return {
    modifiedAt: row.modified_at,
    folderId: row.folder_id,
    isRemoved: row.is_removed !== 0,
    kindIsSet: row.kind_is_set !== 0,
    report: row.doctor_report,
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
      loadOverrides: row.load_overrides === '{}' ? {} : JSON.parse(row.load_overrides),
      doctor: row.doctor_grade,
      isPresent: row.is_present !== 0,
      sha256: row.sha256,
      addedAt: row.added_at,
      lastUsedAt: row.last_used_at,
    },
  }
}
