import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLog, temporaryFolder } from '../core.fixture.ts'
import { openDatabase, type Database } from '../database/open-database.ts'
import type { Log } from '../ports.ts'
import { ApiKeysRepository } from './api-keys-repository.ts'
import { ApiKeysService } from './api-keys-service.ts'

let folder: ReturnType<typeof temporaryFolder>
let database: Database
let keys: ApiKeysService

const open = (log: Log = silentLog) => {
  database = openDatabase(join(folder.path, '数据　库.db'))
  keys = new ApiKeysService(new ApiKeysRepository(database), log)
}

beforeEach(() => {
  folder = temporaryFolder()
  open()
})
afterEach(() => {
  vi.useRealTimers()
  database.close()
  folder.remove()
})

// Bug: a key that was handed out is refused after a restart, or a removed one is still good.
test('a key is good across restarts until it is removed', () => {
  const { key, secret } = keys.create('编辑器', ['inference', 'inference'])
  expect(secret).toMatch(/^yt-[\w-]{43}$/)
  expect(key).toMatchObject({ name: '编辑器', ending: secret.slice(-4), scopes: ['inference'], lastUsedAt: null })
  const { secret: other } = keys.create('其他', ['inference', 'manage'])
  database.close()
  open()
  expect(keys.list().map(({ name }) => name)).toEqual(['编辑器', '其他'])
  expect(keys.check(secret)).toMatchObject({ id: key.id, scopes: ['inference'] })
  keys.remove(key.id)
  expect(keys.check(secret)).toBeNull()
  expect(keys.check(other)?.name).toBe('其他')
  database.close()
  open()
  expect(keys.list().map(({ name }) => name)).toEqual(['其他'])
  expect(keys.check(secret)).toBeNull()
})

// Bug: nothing at all, or almost the key, opens the server.
test('only the whole secret is accepted', () => {
  const { secret } = keys.create('k', ['inference'])
  for (const wrong of ['', 'yt-', secret.slice(0, -1), `${secret} `, secret.toUpperCase(), `${secret}\0`, '__proto__']) {
    expect(keys.check(wrong)).toBeNull()
  }
})

// Bug: whoever copies the data folder has the keys.
test('no file holds the secret', () => {
  const { secret } = keys.create('k', ['inference'])
  keys.check(secret)
  keys.addTemporary('command-line-secret')
  keys.check('command-line-secret')
  for (const name of readdirSync(folder.path)) {
    const bytes = readFileSync(join(folder.path, name))
    expect(bytes.includes(secret) || bytes.includes(secret.slice(3)) || bytes.includes('command-line-secret')).toBe(false)
  }
})

// Bug: each request waits for the disk.
test('the last use is written once a minute at most', () => {
  vi.useFakeTimers({ now: 1_700_000_000_000 })
  const { key, secret } = keys.create('k', ['inference'])
  const stored = () => new ApiKeysRepository(database).list()[0]!.key.lastUsedAt
  keys.check(secret)
  vi.advanceTimersByTime(59_000)
  for (let i = 0; i < 1_000; i++) keys.check(secret)
  expect(stored()).toBe(1_700_000_000_000)
  vi.advanceTimersByTime(1_000)
  expect(keys.check(secret)).toEqual({ ...key, lastUsedAt: 1_700_000_060_000 })
  expect(stored()).toBe(1_700_000_060_000)
  expect(keys.list()[0]!.lastUsedAt).toBe(1_700_000_060_000)
})

// Bug: a full disk locks every program out, or the log gives a secret away.
test('a use that cannot be noted is a use all the same', () => {
  const lines: unknown[] = []
  database.close()
  open({ ...silentLog, warn: (...line) => lines.push(line) })
  const { key, secret } = keys.create('k', ['inference'])
  database.exec('PRAGMA query_only = ON')
  expect(keys.check(secret)?.id).toBe(key.id)
  expect(lines).toHaveLength(1)
  expect(JSON.stringify(lines)).not.toContain(secret)
})

test('a key of the command line is good for everything, and is not in the list', () => {
  expect(keys.hasKeys).toBe(false)
  keys.addTemporary('sk-from-shell')
  expect(keys.hasKeys).toBe(true)
  expect(keys.check('sk-from-shell')?.scopes).toEqual(['inference', 'manage'])
  expect(keys.list()).toEqual([])
  expect(() => keys.addTemporary('')).toThrow()
  expect(keys.check('')).toBeNull()
})
