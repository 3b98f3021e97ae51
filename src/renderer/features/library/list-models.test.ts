import { describe, expect, test } from 'vitest'
import type { Model } from '../../../shared/contract/models.ts'
import { noFilter } from './library-store.ts'
import { duplicatesByHash, filterModels, sortModels } from './list-models.ts'

const plainModel: Model = {
  id: 'a',
  type: 'model',
  name: 'a',
  fileName: 'a.gguf',
  path: '/models/a.gguf',
  sizeBytes: 1,
  partCount: 1,
  source: 'file',
  repository: null,
  architecture: 'llama',
  parameterCount: 1,
  quantization: 'Q4_K_M',
  trainContextSize: 4096,
  hasChatTemplate: true,
  vocabularySize: 1,
  vocabularyHash: '',
  kind: 'chat',
  loadOverrides: {},
  doctor: null,
  isPresent: true,
  sha256: null,
  addedAt: 0,
  lastUsedAt: null,
}
const model = (id: string, changes: Partial<Model> = {}): Model => ({ ...plainModel, id, name: id, ...changes })
const ids = (models: Model[]) => models.map(({ id }) => id)
const shown = (models: Model[], filter: Partial<typeof noFilter>) =>
  ids(filterModels(models, { ...noFilter, ...filter }, duplicatesByHash(models)))

describe('the filter', () => {
  // A search by whole words finds nothing inside Chinese text; U+3000 and full-width letters come from a Chinese keyboard.
  test.each(['羊驼', '二代　13b', '１３Ｂ', 'LLAMA 长上', 'q4_k 模型'])('finds parts of words and of Chinese text: %s', (text) => {
    const wanted = model('wanted', { name: '中文羊驼二代 13B 长上下文', path: '/模型　夹/a.gguf' })
    expect(shown([wanted, model('other', { name: 'Alpaca 7B', path: '/b.gguf' })], { text })).toEqual(['wanted'])
  })

  // Unhashed files would all count as each other's copies.
  test('takes files for duplicates only where their hashes are known and the same', () => {
    const models = [model('a', { sha256: 'x' }), model('b'), model('c', { sha256: 'x' }), model('d'), model('e', { sha256: 'y' })]
    expect(shown(models, { duplicatesOnly: true })).toEqual(['a', 'c'])
  })
})

describe('the order', () => {
  const sorted = (models: Model[], column: Parameters<typeof sortModels>[1]['column'], descending: boolean) =>
    ids(sortModels([...models], { column, descending }, {}, 'en'))

  // Models that were never used would stand above all others, in one of the directions.
  test('keeps rows without a value at the end either way', () => {
    const models = [model('never'), model('old', { lastUsedAt: 1 }), model('new', { lastUsedAt: 2 })]
    expect(sorted(models, 'lastUsed', true)).toEqual(['new', 'old', 'never'])
    expect(sorted(models, 'lastUsed', false)).toEqual(['old', 'new', 'never'])
  })

  test('puts 7B before 13B', () => {
    expect(sorted([model('alpaca-13b'), model('alpaca-7b')], 'name', false)).toEqual(['alpaca-7b', 'alpaca-13b'])
  })

  test('lists the same files together, whatever the column', () => {
    const models = [
      model('a', { sha256: 'x', sizeBytes: 3 }),
      model('b', { sha256: 'y', sizeBytes: 2 }),
      model('c', { sha256: 'x', sizeBytes: 1 }),
      model('d', { sha256: 'y', sizeBytes: 4 }),
    ]
    expect(ids(sortModels(models, { column: 'size', descending: true }, {}, 'en', true))).toEqual(['a', 'c', 'd', 'b'])
  })
})
