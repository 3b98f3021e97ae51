import { expect, test } from 'vitest'
import { z } from 'zod'
import { quantizationTableSchema } from '../../shared/contract/catalog.ts'
import { templateFamilies } from '../../shared/lib/load-setting-values.ts'
import { bitsPerWeightOf } from '../../shared/lib/quantizations.ts'
import { catalogFile, readCatalogFiles, repositoryNames } from './catalog-files.ts'
import { shapesSchema, storedEntrySchema } from './catalog-schema.ts'

const files = readCatalogFiles('resources/catalog')
const { entries, shapes, quantizations } = files

test('The files have the form they should', () => {
  expect(z.array(storedEntrySchema).parse(entries)).toEqual(entries)
  expect(shapesSchema.parse(shapes)).toEqual(shapes)
  expect(quantizationTableSchema.parse(quantizations)).toEqual(quantizations)
})

test('Every entry has an id of its own, and every file a name of its own in it', () => {
  expect(entries.length).toBe(87)
  expect(new Set(entries.map(({ id }) => id)).size).toBe(87)
  for (const { files } of entries) expect(new Set(files.map(({ name }) => name)).size).toBe(files.length)
})

test('An entry with files names a repository and a shape; one without says what can be done', () => {
  for (const { id, files, shape, repositories, limits } of entries) {
    if (files.length > 0) {
      expect(repositories.gguf.huggingFace ?? repositories.gguf.modelScope, id).not.toBeNull()
      expect(shapes, id).toHaveProperty([shape ?? ''])
    } else {
      expect(limits, id).not.toBeNull()
    }
  }
})

test('Sizes are what the shape and the quantization make of them', () => {
  for (const { id, files: ofEntry } of entries) {
    for (const { name, quantization, sizeBytes, bitsPerWeight } of ofEntry) {
      const { header } = catalogFile(files, id, name)!
      const parameters = header.tensors.reduce((sum, { elementCount }) => sum + elementCount, 0)
      expect(Math.abs((sizeBytes * 8) / parameters / bitsPerWeight - 1), `${id} ${name}`).toBeLessThan(0.002)
      expect(Math.abs(bitsPerWeight / bitsPerWeightOf(quantization)! - 1), `${id} ${name}`).toBeLessThan(0.2)
    }
  }
})

test('Shapes have as many parameters as was published', () => {
  for (const { id, files: ofEntry, parametersB } of entries) {
    if (ofEntry.length === 0 || parametersB === null) continue
    const { header } = catalogFile(files, id, ofEntry[0]!.name)!
    const parameters = header.tensors.reduce((sum, { elementCount }) => sum + elementCount, 0)
    expect(Math.abs(parameters / 1e9 / parametersB - 1), id).toBeLessThan(0.005)
  }
})

test('Hashes are SHA-256, templates are ones the app has, and both languages say something', () => {
  for (const { id, files, template, description, license, limits } of entries) {
    for (const { sha256 } of files) expect(sha256 ?? '0'.repeat(64), id).toMatch(/^[0-9a-f]{64}$/)
    if (template !== null) expect(templateFamilies as readonly string[], id).toContain(template)
    for (const text of [description, license, ...(limits ? [limits] : [])]) {
      expect(text.zh, id).toMatch(/[一-鿿]/)
      expect(text.en, id).toMatch(/^[^一-鿿！!]+$/)
      expect(text.zh, id).not.toMatch(/[!！您]/)
    }
  }
})

test('Perplexity falls with the size, but for what was published otherwise', () => {
  const [best, ...rest] = quantizations.rows
  expect(best!.quantization).toBe('F16')
  for (const row of rest) expect(row.perplexity).toBeGreaterThan(best!.perplexity)
})

test('A repository is found under its name on the other hub', () => {
  const { modelScopeNameOf, huggingFaceNameOf } = repositoryNames(files)
  expect(modelScopeNameOf('hfl/llama-3-chinese-8b-instruct-v3-gguf')).toBe(
    'ChineseAlpacaGroup/llama-3-chinese-8b-instruct-v3-gguf',
  )
  expect(huggingFaceNameOf('ChineseAlpacaGroup/llama-3-chinese-8b-instruct-v3-gguf')).toBe(
    'hfl/llama-3-chinese-8b-instruct-v3-gguf',
  )
  expect(modelScopeNameOf('hfl/chinese-alpaca-2-7b-gguf')).toBeNull()
})
