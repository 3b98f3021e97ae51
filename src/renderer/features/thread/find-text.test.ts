import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold, placesOf, readableText } from './find-text.ts'

describe('fold', () => {
  // Bug: `ＬＬａＭＡ` is not found by `llama`.
  test('sees no difference between capitals, small letters and widths', () => {
    expect(fold('ＬＬａＭＡ　２')).toBe('llama 2')
    expect(fold('ｶﾞ')).toHaveLength(2)
  })

  // Bug: marks stand beside their words after a letter whose folded form is longer.
  test('keeps the length of every text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => fold(text).length === text.length))
    expect(fold('İstanbul')).toHaveLength('İstanbul'.length)
  })
})

// Bug: one and two Chinese characters find nothing, or hits overlap.
test('places are found by substring, also of one Chinese character', () => {
  expect(placesOf(fold('羊驼与美洲驼'), '驼')).toEqual([1, 5])
  expect(placesOf('aaaa', 'aa')).toEqual([0, 2])
  expect(placesOf('a', '')).toEqual([])
})

// Bug: `粗体` is not found where it is written `粗**体**`, or the address of a link is counted as a hit.
test('marks and addresses are not part of what is read', () => {
  expect(readableText('## 粗**体** `code` [看](https://a.example "t")\n```ts\nconst a = 1\n```')).toBe(
    '粗体 code 看\n\nconst a = 1\n',
  )
})
