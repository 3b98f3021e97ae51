import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { samplingOverridesSchema } from '../../shared/contract/sampling.ts'
import type { Preset } from '../../shared/contract/presets.ts'
import { temporaryFolder } from '../core.fixture.ts'
import { openDatabase, type Database } from '../database/open-database.ts'
import { builtInPresets } from './built-in-presets.ts'
import { PresetsRepository } from './presets-repository.ts'
import { PresetsService } from './presets-service.ts'

let folder: ReturnType<typeof temporaryFolder>
let database: Database

beforeEach(() => {
  folder = temporaryFolder()
  database = openDatabase(join(folder.path, 'test.db'))
})
afterEach(() => {
  vi.restoreAllMocks()
  database.close()
  folder.remove()
})

const service = () => new PresetsService(new PresetsRepository(database))
const own = (presets: Preset[]) => presets.filter(({ isBuiltIn }) => !isBuiltIn)

// Bug: a value of a preset that ships is one the contract refuses, so that no chat can use it.
test('the presets that ship are valid and have ids of their own', () => {
  for (const { sampling } of builtInPresets) expect(samplingOverridesSchema.parse(sampling)).toEqual(sampling)
  expect(new Set(builtInPresets.map(({ id }) => id)).size).toBe(builtInPresets.length)
  const [standard, long] = builtInPresets
  // As many bytes as the files of the project have.
  expect(Buffer.byteLength(standard!.systemPrompt!)).toBe(65)
  expect(Buffer.byteLength(long!.systemPrompt!)).toBe(140)
})

test('a deleted preset comes back as it was', () => {
  const presets = service()
  const made = presets.create({ name: '翻译', systemPrompt: '把下面的话译成英文。', sampling: { temperature: 0 } })
  const deleted = presets.delete(made.id)
  expect(own(service().list())).toEqual([])
  presets.undelete(deleted)
  expect(own(service().list())).toEqual([made])
})

test('the presets that ship cannot be changed', () => {
  const presets = service()
  expect(() => presets.update('app:alpaca-long', { name: 'x' })).toThrow(expect.objectContaining({ code: 'READ_ONLY_PRESET' }))
  expect(() => presets.delete('app:alpaca-long')).toThrow(expect.objectContaining({ code: 'READ_ONLY_PRESET' }))
})

// Bug: a value is lost on the way through the file.
test('what is exported can be imported', () => {
  const texts = fc.option(fc.string({ unit: 'binary', maxLength: 50 }))
  const sampling = fc.record({ temperature: fc.constantFrom(0, 0.7), stopTexts: fc.array(fc.string({ minLength: 1 })) }, { requiredKeys: [] })
  fc.assert(
    fc.property(texts, sampling, (systemPrompt, sampling) => {
      const presets = service()
      const { id } = presets.create({ name: '预设', systemPrompt, sampling: { ...sampling, stopTexts: sampling.stopTexts?.slice(0, 16) ?? [] } })
      const [imported] = presets.import('a.json', presets.export([id]))
      const [first] = own(presets.list()).slice(-2)
      expect(imported).toMatchObject({ name: first!.name, systemPrompt: first!.systemPrompt, sampling: first!.sampling })
    }),
    { numRuns: 30 },
  )
})

// Bug: half of a file is imported before its error is met.
test.each(['', '{', '[]', '{"format":"yangtuo-presets","version":1,"presets":[{"name":"ok"},{"name":""}]}', '{"format":"lm-studio"}'])(
  'a file that is not right is refused whole: %s',
  (text) => {
    const presets = service()
    expect(() => presets.import('坏.json', text)).toThrow(expect.objectContaining({ code: 'PRESET_FILE_INVALID' }))
    expect(own(presets.list())).toEqual([])
  },
)

// Bug: each keystroke that is saved becomes a version, or the text before a change is kept by nobody.
test('an earlier system prompt is kept once for each burst of changes', () => {
  const presets = service()
  const { id } = presets.create({ name: 'A', systemPrompt: 'first', sampling: {} })
  presets.update(id, { systemPrompt: 'first, and' })
  presets.update(id, { systemPrompt: 'first, and second' })
  presets.update(id, { name: 'B' })
  expect(presets.promptVersions('preset', id).map(({ text }) => text)).toEqual(['first'])
  database.exec('UPDATE prompt_versions SET saved_at = saved_at - 200000')
  presets.update(id, { systemPrompt: null })
  expect(presets.promptVersions('preset', id).map(({ text }) => text)).toEqual(['first, and second', 'first'])
})
