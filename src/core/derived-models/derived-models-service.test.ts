import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Model } from '../../shared/contract/models.ts'
import { temporaryFolder } from '../core.fixture.ts'
import { openDatabase, type Database } from '../database/open-database.ts'
import { DerivedModelsRepository } from './derived-models-repository.ts'
import { DerivedModelsService, loadableAs } from './derived-models-service.ts'

let folder: ReturnType<typeof temporaryFolder>
let database: Database
let derivedModels: DerivedModelsService
let library: Map<string, Model>
let gone: string[]

const base = { id: 'm1', name: 'Base', path: '/模型　一.gguf', loadOverrides: { threads: 2, contextSize: 2048 } } as Model

const open = () => {
  database = openDatabase(join(folder.path, 'test.db'))
  derivedModels = new DerivedModelsService(new DerivedModelsRepository(database), {
    findModel: (id) => library.get(id) ?? null,
    onGone: (id) => gone.push(id),
  })
}

beforeEach(() => {
  folder = temporaryFolder()
  library = new Map([[base.id, base]])
  gone = []
  open()
})
afterEach(() => {
  database.close()
  folder.remove()
})

const content = (name: string) => ({
  name,
  modelId: base.id,
  systemPrompt: '你是一只羊驼。',
  sampling: { temperature: 0.2, stopTexts: ['###'] },
  loadOverrides: { contextSize: 4096 },
  modelfile: 'FROM base\nPARAMETER num_ctx 4096',
})

// Bug: a model that was made is gone, or another one, after a restart.
test('keeps what was made, by its name in any case', () => {
  const made = derivedModels.save(content(' 助手:Latest '))
  expect(made.name).toBe('助手:Latest')
  database.close()
  open()
  expect(derivedModels.list()).toEqual([made])
  for (const name of ['助手:latest', '助手', ' 助手:LATEST']) expect(derivedModels.find(name)).toEqual(made)
  expect(derivedModels.find('助')).toBeNull()
})

// Bug: two models answer to one name, or the first of them for ever.
test('takes the place of one with the same name, whose engine is let go', () => {
  const first = derivedModels.save(content('Ärzte'))
  const second = derivedModels.save({ ...content('ÄRZTE'), systemPrompt: 'new' })
  expect(derivedModels.list()).toEqual([second])
  expect(gone).toEqual([first.id])
  expect(derivedModels.find('ärzte')?.systemPrompt).toBe('new')
  expect(derivedModels.remove('äRZTE')).toBe(true)
  expect(derivedModels.remove('äRZTE')).toBe(false)
  expect(gone).toEqual([first.id, second.id])
  database.close()
  open()
  expect(derivedModels.list()).toEqual([])
})

test('a copy has the values and not the Modelfile; of a library model it has none', () => {
  const derived = derivedModels.save(content('a'))
  const copy = derivedModels.copy({ model: base, derived }, 'b')
  expect(copy).toEqual({ ...content('b'), modelfile: '', id: copy.id, createdAt: copy.createdAt })
  expect(derivedModels.copy({ model: base, derived: null }, 'c')).toMatchObject({ modelId: base.id, systemPrompt: '' })
  expect(derivedModels.list()).toHaveLength(3)
})

// Bug: a derived model is loaded as the one below it, or in a second engine although nothing differs.
test('is loaded under its own id only where it is loaded otherwise', () => {
  const other = derivedModels.save(content('other'))
  const same = derivedModels.save({ ...content('same'), loadOverrides: {} })
  expect(loadableAs(other, base)).toEqual({
    id: other.id,
    name: 'other',
    path: base.path,
    loadOverrides: { threads: 2, contextSize: 4096 },
  })
  expect(derivedModels.loadable(other.id)).toEqual(loadableAs(other, base))
  expect(derivedModels.loadable(same.id)).toBe(base)
  library.clear()
  expect(derivedModels.loadable(other.id)).toBeNull()
  expect(derivedModels.find('other')).toEqual(other)
})
