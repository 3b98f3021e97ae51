import { expect, test } from 'vitest'
import type { CatalogEntry } from '../../../shared/contract/catalog.ts'
import { matchesFilters, matchesText } from './catalog-filter.ts'
import { noFilters } from './discover-store.ts'

const nowhere = { huggingFace: null, modelScope: null }
const entry: CatalogEntry = {
  id: 'chinese-alpaca-2-7b-64k',
  name: 'Chinese-Alpaca-2-7B-64K',
  family: 'chinese-llama-alpaca-2',
  kind: 'chat',
  description: { zh: '支持六万四千字长文的对话模型', en: 'A chat model for long texts' },
  parametersB: 6.93,
  license: { zh: 'Apache-2.0', en: 'Apache-2.0' },
  template: 'alpaca-2',
  contextSize: 4096,
  extendedContext: { sizeTokens: 65_536, note: { zh: 'YaRN', en: 'YaRN' } },
  scores: [],
  limits: null,
  repositories: { gguf: { huggingFace: 'hfl/chinese-alpaca-2-7b-64k-gguf', modelScope: null }, full: nowhere, lora: nowhere },
  links: [],
  files: [],
  isRecommended: false,
}

// Chinese has no spaces between words: matching whole words would find none of these.
test.each(['长文', 'alpaca 64k', 'ＡＬＰＡＣＡ　长文', 'hfl', ''])('“%s” finds it', (text) => {
  expect(matchesText(entry, text)).toBe(true)
})
test.each(['长文 13b', '多模态'])('“%s” does not', (text) => {
  expect(matchesText(entry, text)).toBe(false)
})

// A model stretched to 64K was left out of “32K and more” when only its native context counted.
test('the stretched context counts', () => {
  expect(matchesFilters(entry, { ...noFilters, context: '32' })).toBe(true)
  expect(matchesFilters({ ...entry, extendedContext: null }, { ...noFilters, context: '8' })).toBe(false)
})

test('a model without a published size is in no range of sizes', () => {
  expect(matchesFilters({ ...entry, parametersB: null }, { ...noFilters, size: 'small' })).toBe(false)
  expect(matchesFilters(entry, { ...noFilters, size: 'medium', source: 'hugging-face' })).toBe(true)
  expect(matchesFilters(entry, { ...noFilters, source: 'modelscope' })).toBe(false)
})
