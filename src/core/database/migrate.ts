/**
 * Brings a database to the newest schema. Each migration is one transaction, recorded in
 * `user_version`, so a kill in between leaves the schema before or after it, never half of it.
 * Migrations are TypeScript modules that export their SQL, not .sql files: so the unbuilt source
 * in plain Node and the bundle find them in the same way. Numbers have gaps of ten, so that two
 * branches can be merged; a published migration is never changed.
 */
import { renameSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { DatabaseUnusableError } from './database-error.ts'
import { sql as chatsAndModels } from './migrations/0010-chats-and-models.ts'
import { sql as models } from './migrations/0020-models.ts'
import { sql as threads } from './migrations/0030-threads.ts'
import { sql as apiServer } from './migrations/0040-api-server.ts'

export interface Migration {
  /** `user_version` after it. */
  version: number
  sql: string
}

const allMigrations: Migration[] = [
  { version: 10, sql: chatsAndModels },
  { version: 20, sql: models },
  { version: 30, sql: threads },
  { version: 40, sql: apiServer },
]

/**
 * Applies those of `migrations` (in order of their versions) that `database` does not have yet.
 * A database with data is first copied to `<path>.before-<newest version>`; if that fails, nothing
 * is changed. Throws DatabaseUnusableError (`too-new`) if a newer app has written the database.
 */
export function migrate(database: DatabaseSync, path: string, migrations = allMigrations): void {
  const version = userVersion(database)
  const newest = migrations.at(-1)!.version
  if (version > newest) throw new DatabaseUnusableError('too-new', path)
  const missing = migrations.filter((migration) => migration.version > version)
  if (version > 0 && missing.length > 0) copyAside(database, `${path}.before-${newest}`)
  for (const migration of missing) {
    try {
      database.exec(`BEGIN IMMEDIATE; ${migration.sql}; PRAGMA user_version = ${migration.version}; COMMIT`)
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
}

export function userVersion(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
}

/**
 * By SQLite itself and not by copying the file: part of the data may still be in the WAL, and on
 * POSIX systems closing any other handle of the file would release this process's lock on it.
 */
function copyAside(database: DatabaseSync, copyPath: string): void {
  const partPath = `${copyPath}.part`
  rmSync(partPath, { force: true })
  database.prepare('VACUUM INTO ?').run(partPath)
  renameSync(partPath, copyPath)
}
