import type { Folder } from '../../shared/contract/folders.ts'
import type { Database } from '../database/open-database.ts'

/** What a person changes of a folder. */
export type FolderChanges = Partial<Omit<Folder, 'id' | 'createdAt'>>

const columns: Record<keyof Folder, string> = {
  id: 'id',
  parentId: 'parent_id',
  name: 'name',
  position: 'position',
  systemPrompt: 'system_prompt',
  sampling: 'sampling',
  presetId: 'preset_id',
  modelId: 'model_id',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
}

/** The table `folders`, without those in the trash; and which folder a chat is in. */
export class FoldersRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** In their order among those of the same parent. */
  list(): Folder[] {
    const rows = this.#database.prepare('SELECT * FROM folders WHERE trashed_at IS NULL ORDER BY position, id').all()
    return rows.map((row) => folderFromRow(row as unknown as FolderRow))
  }

  find(folderId: string): Folder | null {
    const row = this.#database.prepare('SELECT * FROM folders WHERE id = ? AND trashed_at IS NULL').get(folderId)
    return row ? folderFromRow(row as unknown as FolderRow) : null
  }

  insert(folder: Folder): void {
    const names = Object.keys(columns) as (keyof Folder)[]
    this.#database
      .prepare(
        `INSERT INTO folders (${names.map((name) => columns[name]).join(', ')})
         VALUES (${names.map(() => '?').join(', ')})`,
      )
      .run(...names.map((name) => columnValue(folder[name])))
  }

  update(folderId: string, changes: FolderChanges): void {
    const names = (Object.keys(changes) as (keyof FolderChanges)[]).filter((name) => changes[name] !== undefined)
    if (names.length === 0) return
    this.#database
      .prepare(`UPDATE folders SET ${names.map((name) => `${columns[name]} = ?`).join(', ')} WHERE id = ?`)
      .run(...names.map((name) => columnValue(changes[name]!)), folderId)
  }

  /** Chats, not in the trash, in this folder and all below it. */
  chatsIn(folderId: string): string[] {
    return this.#database
      .prepare(
        `WITH RECURSIVE below (id) AS (
           SELECT id FROM folders WHERE id = ? AND trashed_at IS NULL
           UNION
           SELECT folders.id FROM folders JOIN below ON folders.parent_id = below.id WHERE trashed_at IS NULL
         )
         SELECT chats.id FROM chats JOIN below ON chats.folder_id = below.id WHERE chats.trashed_at IS NULL`,
      )
      .all(folderId)
      .map(({ id }) => id as string)
  }

  moveChats(chatIds: string[], folderId: string | null): void {
    this.#database
      .prepare('UPDATE chats SET folder_id = ? WHERE id IN (SELECT value FROM json_each(?))')
      .run(folderId, JSON.stringify(chatIds))
  }
}

export interface FolderRow {
  id: string
  parent_id: string | null
  name: string
  position: number
  system_prompt: string | null
  sampling: string
  preset_id: string | null
  model_id: string | null
  created_at: number
  updated_at: number
}

export function folderFromRow(row: FolderRow): Folder {
  return {
    id: row.id,
    parentId: row.parent_id,
    name: row.name,
    position: row.position,
    systemPrompt: row.system_prompt,
    sampling: JSON.parse(row.sampling),
    presetId: row.preset_id,
    modelId: row.model_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function columnValue(value: Folder[keyof Folder]): string | number | null {
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : value
}
