import type { Failure } from '../../shared/contract/errors.ts'
import type { ModelFolder } from '../../shared/contract/model-folders.ts'
import { transaction, type Database } from '../database/open-database.ts'

export type StoredFolder = Pick<ModelFolder, 'id' | 'path' | 'kind' | 'isOn'>

/** A file that looked like a model and is none. */
export interface RefusedFile {
  path: string
  sizeBytes: number
  modifiedAt: number
  failure: Failure
}

/** The tables `model_folders` and `refused_files`. */
export class ModelFoldersRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(): StoredFolder[] {
    const rows = this.#database.prepare('SELECT * FROM model_folders ORDER BY added_at, id').all()
    return rows.map((row) => ({
      id: row['id'] as string,
      path: row['path'] as string,
      kind: row['kind'] as StoredFolder['kind'],
      isOn: row['is_on'] !== 0,
    }))
  }

  /** Inserts it, or replaces the one with the same id. */
  save({ id, path, kind, isOn }: StoredFolder): void {
    this.#database
      .prepare(
        `INSERT INTO model_folders (id, path, kind, is_on, added_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET path = excluded.path, kind = excluded.kind, is_on = excluded.is_on`,
      )
      .run(id, path, kind, Number(isOn), Date.now())
  }

  /** With its models and refused files. */
  delete(folderId: string): void {
    this.#database.prepare('DELETE FROM model_folders WHERE id = ?').run(folderId)
  }

  refusedIn(folderId: string): RefusedFile[] {
    const rows = this.#database.prepare('SELECT * FROM refused_files WHERE folder_id = ? ORDER BY path').all(folderId)
    return rows.map((row) => ({
      path: row['path'] as string,
      sizeBytes: row['size_bytes'] as number,
      modifiedAt: row['modified_at'] as number,
      failure: JSON.parse(row['failure'] as string) as Failure,
    }))
  }

  saveRefused(folderId: string, files: RefusedFile[]): void {
    const statement = this.#database.prepare('INSERT OR REPLACE INTO refused_files VALUES (?, ?, ?, ?, ?)')
    transaction(this.#database, () => {
      for (const { path, sizeBytes, modifiedAt, failure } of files) {
        statement.run(path, folderId, sizeBytes, modifiedAt, JSON.stringify(failure))
      }
    })
  }

  deleteRefused(paths: string[]): void {
    this.#database
      .prepare('DELETE FROM refused_files WHERE path IN (SELECT value FROM json_each(?))')
      .run(JSON.stringify(paths))
  }
}
