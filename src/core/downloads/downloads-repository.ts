import type { Download } from '../../shared/contract/downloads.ts'
import type { Database } from '../database/open-database.ts'

/** What of a download is in the database; the rest is on disk beside its part files, or only true while it runs. */
export type StoredDownload = Pick<
  Download,
  | 'id'
  | 'repository'
  | 'revision'
  | 'name'
  | 'quantization'
  | 'files'
  | 'state'
  | 'sourceId'
  | 'failure'
  | 'directory'
  | 'modelId'
  | 'createdAt'
> & {
  /** Its place in the queue. */
  position: number
}

/** The table `downloads`. */
export class DownloadsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** In the order of the queue. */
  list(): StoredDownload[] {
    const rows = this.#database.prepare('SELECT * FROM downloads ORDER BY position').all()
    return rows.map((row) => fromRow(row as unknown as DownloadRow))
  }

  /** Inserts it, or replaces the one with the same id. */
  save(download: StoredDownload): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO downloads
           (id, position, source_id, repository, revision, name, quantization, files, directory, state, failure,
            model_id, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        download.id,
        download.position,
        download.sourceId,
        download.repository,
        download.revision,
        download.name,
        download.quantization,
        JSON.stringify(download.files),
        download.directory,
        download.state,
        download.failure && JSON.stringify(download.failure),
        download.modelId,
        download.createdAt,
      )
  }

  delete(downloadId: string): void {
    this.#database.prepare('DELETE FROM downloads WHERE id = ?').run(downloadId)
  }
}

interface DownloadRow {
  id: string
  position: number
  source_id: Download['sourceId']
  repository: string
  revision: string
  name: string
  quantization: string
  files: string
  directory: string
  state: Download['state']
  failure: string | null
  model_id: string | null
  created_at: number
}

function fromRow(row: DownloadRow): StoredDownload {
  return {
    id: row.id,
    position: row.position,
    sourceId: row.source_id,
    repository: row.repository,
    revision: row.revision,
    name: row.name,
    quantization: row.quantization,
    files: JSON.parse(row.files),
    directory: row.directory,
    state: row.state,
    failure: row.failure === null ? null : JSON.parse(row.failure),
    modelId: row.model_id,
    createdAt: row.created_at,
  }
}
