import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ChatsRepository } from '../../chats/chats-repository.ts'
import { temporaryFolder } from '../../core.fixture.ts'
import { FoldersRepository } from '../../folders/folders-repository.ts'
import { SearchRepository } from '../../search/search-repository.ts'
import { SearchService } from '../../search/search-service.ts'
import { migrate, userVersion } from '../migrate.ts'
import { openDatabase } from '../open-database.ts'
import { sql as chatsAndModels } from './0010-chats-and-models.ts'
import { sql as models } from './0020-models.ts'

const rows = /* sql */ `
INSERT INTO folders VALUES ('outer', NULL, '外', 2, NULL, '{}', NULL, 1, 1);
INSERT INTO folders VALUES ('inner', 'outer', 'in ner', 1, 'be brief', '{"topK":3}', 'm', 1, 2);
INSERT INTO chats (id, folder_id, title, title_source, pinned_at, system_prompt, sampling, model_id, draft, created_at,
                   updated_at, trashed_at, mode) VALUES
  ('named', 'inner', '羊驼', 'person', 5, '用中文回答', '{"seed":4294967295}', 'm', 'unsent', 1, 9, NULL, 'chat'),
  ('first', NULL, 'hello', 'first-message', NULL, '', '{}', NULL, '', 2, 8, NULL, 'completion'),
  ('empty', NULL, '', 'empty', NULL, '', '{}', NULL, '', 3, 7, NULL, 'chat'),
  ('trashed', 'outer', 'gone', 'person', NULL, '', '{}', NULL, '', 4, 6, 99, 'chat');
INSERT INTO messages VALUES
  ('q', 'named', NULL, 'user', '什么是羊驼？', 'complete', NULL, NULL, 1),
  ('a', 'named', 'q', 'assistant', '一种动物', 'stopped', NULL, '{"model":{"id":"m"}}', 2),
  ('b', 'named', 'q', 'assistant', 'half', 'failed', '{"code":"DISK_FULL","data":{"path":"/"}}', NULL, 3),
  ('t', 'trashed', NULL, 'user', '羊驼在回收站', 'complete', NULL, NULL, 4);
UPDATE chats SET active_leaf_id = 'a' WHERE id = 'named';`

// Bug: an update of the app loses or changes chats, or leaves the search without what was there before.
test('a database of version 20 keeps all it holds', async () => {
  const folder = temporaryFolder()
  const path = join(folder.path, '数据　old.db')
  const old = new DatabaseSync(path)
  migrate(old, path, [
    { version: 10, sql: chatsAndModels },
    { version: 20, sql: models },
  ])
  old.exec(rows)
  const oldTables = (database: DatabaseSync) =>
    ['messages', 'models', 'settings', 'downloads'].map((table) =>
      database.prepare(`SELECT * FROM ${table} ORDER BY 1`).all(),
    )
  const before = oldTables(old)
  const oldChats = old.prepare('SELECT * FROM chats ORDER BY id').all()
  old.close()

  const database = openDatabase(path)
  const newest = userVersion(database)
  expect(newest).toBeGreaterThanOrEqual(30)
  const after = oldTables(database)
  before.forEach((table, index) => expect(after[index]).toMatchObject(table))
  const chats = new ChatsRepository(database)
  const added = { presetId: null, contextPolicy: null, draftAttachments: [], queue: [], isUnread: false }
  expect(chats.list()).toEqual([
    {
      ...added,
      ...{ id: 'named', folderId: 'inner', mode: 'chat', title: '羊驼', titleSource: 'person', pinnedAt: 5 },
      ...{ systemPrompt: '用中文回答', sampling: { seed: 4294967295 }, modelId: 'm', activeLeafId: 'a', draft: 'unsent' },
      ...{ createdAt: 1, updatedAt: 9 },
    },
    {
      ...added,
      ...{ id: 'first', folderId: null, mode: 'completion', title: 'hello', titleSource: 'first-message' },
      ...{ pinnedAt: null, systemPrompt: null, sampling: {}, modelId: null, activeLeafId: null, draft: '' },
      ...{ createdAt: 2, updatedAt: 8 },
    },
    {
      ...added,
      ...{ id: 'empty', folderId: null, mode: 'chat', title: '', titleSource: 'empty', pinnedAt: null },
      ...{ systemPrompt: null, sampling: {}, modelId: null, activeLeafId: null, draft: '', createdAt: 3, updatedAt: 7 },
    },
  ])
  expect(chats.messages('named').map(({ id, attachments, summary }) => [id, attachments, summary])).toEqual([
    ['a', [], null],
    ['b', [], null],
    ['q', [], null],
  ])
  expect(database.prepare("SELECT trashed_at FROM chats WHERE id = 'trashed'").get()).toEqual({ trashed_at: 99 })
  expect(new FoldersRepository(database).list()).toMatchObject([
    { id: 'inner', parentId: 'outer', systemPrompt: 'be brief', sampling: { topK: 3 }, modelId: 'm', presetId: null },
    { id: 'outer', name: '外', position: 2 },
  ])
  const search = new SearchService(new SearchRepository(database), { info() {}, warn() {}, error() {} })
  const { hits } = await search.find('羊驼', 10)
  expect(hits.map(({ chatId, message }) => [chatId, message?.id])).toEqual([
    ['named', undefined],
    ['named', 'q'],
  ])
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([])
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  database.close()

  const copy = new DatabaseSync(`${path}.before-${newest}`)
  expect(userVersion(copy)).toBe(20)
  expect(copy.prepare('SELECT * FROM chats ORDER BY id').all()).toEqual(oldChats)
  expect(oldTables(copy)).toEqual(before)
  copy.close()
  folder.remove()
})
