import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultSettings } from '../../shared/contract/settings.ts'
import { temporaryFolder } from '../core.fixture.ts'
import { openDatabase, type Database } from '../database/open-database.ts'
import { SettingsRepository } from './settings-repository.ts'
import { SettingsService } from './settings-service.ts'

let folder: ReturnType<typeof temporaryFolder>
let database: Database

beforeEach(() => {
  folder = temporaryFolder()
  database = openDatabase(join(folder.path, 'test.db'))
})
afterEach(() => {
  database.close()
  folder.remove()
})

const service = () => new SettingsService(new SettingsRepository(database))

test('keeps what was changed, also null, and leaves the rest at its default', () => {
  service().update({ theme: 'dark', threads: 4 })
  service().update({ threads: null })
  expect(service().get()).toEqual({ ...defaultSettings, theme: 'dark' })
})

// Bug: one row that a newer or broken version wrote makes the app unable to start.
test('takes the default for rows that make no sense, and keeps the good ones', () => {
  service().update({ language: 'zh' })
  database.exec(`INSERT INTO settings VALUES
    ('theme', '"purple"'), ('threads', '{broken'), ('sidebarWidthPx', '9999'), ('unknown', '1')`)
  expect(service().get()).toEqual({ ...defaultSettings, language: 'zh' })
})

// Bug: a key that is present but undefined erases a setting.
test('an undefined value changes nothing', () => {
  const settings = service()
  settings.update({ theme: 'dark' })
  settings.update({ theme: undefined, language: 'en' })
  expect(settings.get()).toMatchObject({ theme: 'dark', language: 'en' })
})
