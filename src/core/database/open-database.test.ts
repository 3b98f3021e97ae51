import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from '../core.fixture.ts'
import { DatabaseUnusableError, isDiskFull } from './database-error.ts'
import { migrate, userVersion } from './migrate.ts'
import { openDatabase, transaction } from './open-database.ts'

let folder: ReturnType<typeof temporaryFolder>
let path: string

beforeEach(() => {
  folder = temporaryFolder()
  path = join(folder.path, 'test.db')
})
afterEach(() => folder.remove())

function texts(database: DatabaseSync): unknown[] {
  return database.prepare('SELECT text FROM notes').all().map((row) => row.text)
}

const notes = { version: 10, sql: 'CREATE TABLE notes (text TEXT)' }
const dated = { version: 20, sql: 'ALTER TABLE notes ADD COLUMN dated INTEGER' }

function databaseOfVersion10(): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
  migrate(database, path, [notes])
  database.exec("INSERT INTO notes VALUES ('kept')")
  return database
}

// Bug: two hosts write one data folder, each with its own idea of what is in it.
test('refuses a second process until the first one is gone, even killed', async () => {
  const script = `
    const { openDatabase } = await import(${JSON.stringify(resolve('src/core/database/open-database.ts'))})
    globalThis.database = openDatabase(${JSON.stringify(path)})
    console.log('open')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  expect(() => openDatabase(path)).toThrow(DatabaseUnusableError)
  expect(() => openDatabase(path)).toThrow(/already running/)
  child.kill('SIGKILL')
  await once(child, 'exit')
  openDatabase(path).close()
})

test('refuses a second opener in the same process as well', () => {
  const database = openDatabase(path)
  expect(() => openDatabase(path)).toThrow(DatabaseUnusableError)
  database.close()
})

// Bug: the copy lacks what is still in the WAL, or the migration runs before the copy.
test('copies the data aside before it migrates', () => {
  const database = databaseOfVersion10()
  migrate(database, path, [notes, dated])
  expect(userVersion(database)).toBe(20)
  database.close()
  const copy = new DatabaseSync(`${path}.before-20`)
  expect(userVersion(copy)).toBe(10)
  expect(texts(copy)).toEqual(['kept'])
  copy.close()
})

test('makes no copy of a new database, nor of one that needs no migration', () => {
  openDatabase(path).close()
  openDatabase(path).close()
  expect(existsSync(`${path}.before-10`)).toBe(false)
})

// Bug: a migration that fails half-way leaves a schema of neither version.
test('a migration that fails changes nothing', () => {
  const database = databaseOfVersion10()
  const broken = { version: 20, sql: 'CREATE TABLE half (x); INSERT INTO nowhere VALUES (1)' }
  expect(() => migrate(database, path, [notes, broken])).toThrow(/nowhere/)
  expect(userVersion(database)).toBe(10)
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([])
  expect(texts(database)).toEqual(['kept'])
  database.close()
})

// Bug: an older app opens a newer database and destroys what it does not understand.
test('refuses a database of a newer version', () => {
  const database = databaseOfVersion10()
  database.exec('PRAGMA user_version = 9990')
  database.close()
  expect(() => openDatabase(path)).toThrow(/newer version/)
})

// Bug: journal or synchronous mode is lost by a reordered pragma, and a power cut takes messages.
test('commits reach the disk, references are checked', () => {
  const database = openDatabase(path)
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
  expect(() =>
    database.exec(
      `INSERT INTO messages (id, chat_id, role, text, status, created_at) VALUES ('m', 'no chat', 'user', '', 'complete', 0)`,
    ),
  ).toThrow(/FOREIGN KEY/)
  // What is committed is in the files, as a kill of the process would leave them.
  database.exec("INSERT INTO settings VALUES ('theme', '1')")
  copyFileSync(path, `${path}-2`)
  copyFileSync(`${path}-wal`, `${path}-2-wal`)
  const copy = openDatabase(`${path}-2`)
  expect(copy.prepare('SELECT * FROM settings').all()).toEqual([{ key: 'theme', value: '1' }])
  copy.close()
  database.close()
})

// Bug: a transaction that a full disk has rolled back by itself is rolled back twice, which hides the reason.
test('a full disk undoes the transaction and says why', () => {
  const database = openDatabase(path)
  database.exec('PRAGMA max_page_count = 40')
  const fill = () =>
    transaction(database, () => {
      const insert = database.prepare('INSERT INTO settings VALUES (?, ?)')
      for (let i = 0; i < 1000; i++) insert.run(String(i), 'x'.repeat(4000))
    })
  let reason: unknown
  try {
    fill()
  } catch (error) {
    reason = error
  }
  expect(isDiskFull(reason)).toBe(true)
  expect(database.prepare('SELECT count(*) AS n FROM settings').get()).toEqual({ n: 0 })
  database.close()
})
