import { expect, test } from 'vitest'
import type { Download } from '../../../shared/contract/downloads.ts'
import type { Model } from '../../../shared/contract/models.ts'
import { findDownload, findModel } from './file-identity.ts'

const file = { repositories: ['hfl/alpaca-gguf', 'ChineseAlpacaGroup/alpaca-gguf'], fileName: 'q4.gguf', sha256: 'aa' }
const download = (changes: Partial<Download>) =>
  ({
    id: '1',
    repository: 'hfl/alpaca-gguf',
    files: [{ path: 'q4.gguf', sizeBytes: 10, sha256: null }],
    modelId: null,
    ...changes,
  }) as Download
const model = (changes: Partial<Model>) =>
  ({ id: 'm', isPresent: true, sha256: null, repository: null, fileName: 'q4.gguf', path: '/m/q4.gguf', ...changes }) as Model
const find = (found: Model, from: Download | null = null) => findModel(new Map([[found.id, found]]), file, from)?.id

// The family's files are all called ggml-model-q4_k.gguf: the name alone would mark them all as here.
test('a file is known by its repository on either hub, not by its name alone', () => {
  const known = (changes: Partial<Download>) => findDownload(new Map([['1', download(changes)]]), file) !== null
  expect(known({ repository: 'ChineseAlpacaGroup/alpaca-gguf' })).toBe(true)
  expect(known({ files: [{ path: 'sub/q4.gguf', sizeBytes: 1, sha256: null }] })).toBe(true)
  expect(known({ repository: 'someone/else' })).toBe(false)
  expect(find(model({ repository: 'someone/else' }))).toBeUndefined()
  expect(find(model({ repository: 'hfl/alpaca-gguf' }))).toBe('m')
})

test('the same bytes are the same model under any name', () => {
  expect(find(model({ fileName: 'mine.gguf', path: 'C:\\m\\mine.gguf', sha256: 'aa' }))).toBe('m')
  expect(find(model({ repository: 'hfl/alpaca-gguf', sha256: 'bb' }))).toBeUndefined()
})

// What the hub has replaced since the catalog was written has another hash, but is what was downloaded.
test('what was downloaded as this file is it', () => {
  expect(find(model({ sha256: 'bb' }), download({ modelId: 'm' }))).toBe('m')
  expect(find(model({ sha256: 'bb', isPresent: false }), download({ modelId: 'm' }))).toBeUndefined()
})
