// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { joinedTokens, tokenGroups, tokenStarts } from './token-pieces.ts'

describe('tokenStarts', () => {
  // Catches: going on from a token after an emoji or a split character at the wrong place of the answer.
  it('finds each token in the text, and none inside a character', () => {
    const tokens = ['好', '🦙', '\\xE7', '\\xBE\\x8A', '。']
    expect(tokenStarts(tokens, '好🦙羊。')).toEqual([0, 1, 3, null, 4])
  })

  // Catches: an answer about encodings, where the four letters stand as they are, taken for a byte.
  it('tells written-out bytes from the letters that look like them', () => {
    expect(tokenStarts(['\\xE7', ' is'], '\\xE7 is')).toEqual([0, 4])
  })

  it('says nothing from where the tokens are those of another text', () => {
    expect(tokenStarts(['a', 'b', 'c'], 'axc')).toEqual([0, null, null])
  })
})

describe('joinedTokens', () => {
  // Catches: a copied prompt full of \xE7 where its characters took two tokens.
  it('makes characters whole again', () => {
    expect(joinedTokens(['<s>', '的\\xE7\\xBE', '\\x8A驼', ' \\x', 'E7'])).toBe('<s>的羊驼 \\xE7')
  })
})

describe('tokenGroups', () => {
  // Catches: a last group without a line break that is never shown.
  it('holds every token once', () => {
    const tokens = ['a', 'b\n', 'c', 'd', 'e'].map((text) => ({ text }))
    expect(tokenGroups(tokens, 2)).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
    ])
  })
})
