import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AnswerText } from './answer-text.ts'

function collect(options: { stopTexts?: string[]; dropsFirstSpace?: boolean } = {}) {
  const pieces: string[] = []
  const emit = (text: string) => pieces.push(text)
  const answer = new AnswerText({ stopTexts: [], dropsFirstSpace: false, ...options, emit })
  return { answer, pieces }
}

/** A text, cut into tokens at any byte. */
const tokens = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 400 }))
  .map(([text, lengths]) => {
    const bytes = Buffer.from(text)
    const cut: Uint8Array[] = []
    for (let offset = 0; offset < bytes.length; ) {
      const length = lengths[cut.length % lengths.length]!
      cut.push(bytes.subarray(offset, offset + length))
      offset += length
    }
    return { text, tokens: cut }
  })

test('characters that tokens cut in half come whole, and none is lost or added', () => {
  fc.assert(
    fc.property(tokens, ({ text, tokens }) => {
      const { answer, pieces } = collect()
      for (const token of tokens) answer.push(token)
      answer.end()
      expect(pieces.join('')).toBe(text)
      expect(answer.isWhole).toBe(true)
      for (const piece of pieces) {
        expect(piece.isWellFormed()).toBe(true)
        if (!text.includes('\uFFFD')) expect(piece).not.toContain('\uFFFD')
      }
    }),
  )
})

test('half a character at the end is left out', () => {
  const { answer, pieces } = collect()
  answer.push(Buffer.from('好的').subarray(0, 4))
  answer.end()
  expect(pieces).toEqual(['好'])
  expect(answer.isWhole).toBe(false)
})

test('a stop text ends the answer wherever tokens cut it, and nothing of it is shown', () => {
  const stopTexts = ['### Instruction:', '##!']
  const word = fc.constantFrom('#', '##', '### ', 'Instruction:', '### Instruct', '!', '羊', ' ')
  const near = fc.array(word, { maxLength: 12 })
  fc.assert(
    fc.property(near, fc.integer({ min: 1, max: 6 }), (words, tokenLength) => {
      const { answer, pieces } = collect({ stopTexts })
      const bytes = Buffer.from(words.join(''))
      let isStopped = false
      for (let offset = 0; offset < bytes.length && !isStopped; offset += tokenLength) {
        isStopped = answer.push(bytes.subarray(offset, offset + tokenLength)) !== null
      }
      answer.end()
      const [expected] = words.join('').split(/### Instruction:|##!/)
      expect(pieces.join('')).toBe(expected)
      expect(isStopped).toBe(expected !== words.join(''))
    }),
  )
})

test('only the first space of an answer is dropped', () => {
  const { answer, pieces } = collect({ dropsFirstSpace: true })
  for (const word of [' Once', ' upon', ' a', ' time']) answer.push(Buffer.from(word))
  answer.end()
  expect(pieces.join('')).toBe('Once upon a time')
})

test('pieces come at once when they are slow, merged when they are fast, and never wait for the next', async () => {
  const { answer, pieces } = collect()
  answer.push(Buffer.from('a'))
  expect(pieces).toEqual(['a'])
  for (const letter of 'bcd') answer.push(Buffer.from(letter))
  expect(pieces).toEqual(['a'])
  await expect.poll(() => pieces, { interval: 5, timeout: 200 }).toEqual(['a', 'bcd'])
  answer.push(Buffer.alloc(5000, 'x'))
  expect(pieces.at(-1)).toHaveLength(5000)
})

// Bugs: a program is told of tokens whose text it never sees, or sees text before its token.
test('a token is told of before the text it begins, and not at all if nothing of it is shown', () => {
  const told: string[] = []
  const emit = (text: string) => told.push(`"${text}"`)
  const answer = new AnswerText({ stopTexts: ['END', '##'], dropsFirstSpace: true, emit })
  const push = (bytes: Uint8Array, name: string) => answer.push(bytes, () => told.push(name))
  const [half, rest] = [Buffer.from('羊').subarray(0, 2), Buffer.from('羊').subarray(2)]
  expect(push(Buffer.from(' a'), '1')).toBeNull()
  expect(told).toEqual(['1', '"a"'])
  push(half, '2')
  expect(told).toHaveLength(2)
  push(rest, '3')
  expect(told.slice(2)).toEqual(['2', '3'])
  push(Buffer.from('b E'), '4')
  push(Buffer.from('N'), '5')
  expect(told.slice(4)).toEqual(['4'])
  expect(push(Buffer.from('D c'), '6')).toBe('END')
  answer.end()
  expect(told.slice(5)).toEqual(['"羊b "'])
})
