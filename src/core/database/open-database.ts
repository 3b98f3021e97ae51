/**
 * The one connection of the app, and the only place that opens one. Invariants: what a call has
 * written when it returns survives a kill of the app and a loss of power; no second process writes
 * at the same time. Nothing else in this process may open the file: closing another handle of it
 * would release the lock (a rule of POSIX locks).
 */
import { DatabaseSync } from 'node:sqlite'
import { DatabaseUnusableError, isDatabaseBusy } from './database-error.ts'
import { migrate } from './migrate.ts'

/** What repositories are given. */
export type Database = DatabaseSync

/** A host that is restarted finds the lock free only when its predecessor is gone. */
const lockTimeoutMs = 1_000

/**
 * Opens the database at `path`, creating or migrating it. Throws DatabaseUnusableError if another
 * process has it open (after 1 s) or a newer version of the app has written it.
 */
export function openDatabase(path: string): Database {
  const database = new DatabaseSync(path, { timeout: lockTimeoutMs })
  try {
    // Exclusive before the first access in WAL mode: the first one takes the lock and keeps it.
    // WAL with `synchronous` FULL: each commit is in the log file and flushed when it returns. NORMAL
    // would be enough against a kill of the app; a flush per message sent, and every two seconds of
    // an answer, is a small price for surviving a loss of power too.
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
    `)
    migrate(database, path)
    return database
  } catch (error) {
    database.close()
    throw isDatabaseBusy(error) ? new DatabaseUnusableError('in-use', path) : error
  }
}

/** Runs `work` in one transaction: all of it is on disk when this returns, or nothing if it throws. */
export function transaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk may have rolled it back already.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
