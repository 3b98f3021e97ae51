// @vitest-environment node
import { expect, it } from 'vitest'
import { findTokens } from './find-tokens.ts'

// Catches: a word that the tokenizer cut not found, or the tokens beside it marked.
it('finds a text over the borders of tokens', () => {
  const tokens = ['<s>', 'Ya', 'ng', 'tuo', ' 羊', '驼', ' yang', 'tuo']
  expect(findTokens(tokens, 'yangtuo')).toEqual([
    [1, 4],
    [6, 8],
  ])
  expect(findTokens(tokens, '羊驼')).toEqual([[4, 6]])
  expect(findTokens(tokens, '')).toEqual([])
})
