import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readStopTexts, writeStopTexts } from './stop-texts.ts'

// Bug: a stop text with a backslash or a line break comes back as another one, or as two.
test('what is written is read again', () => {
  const text = fc.string({ unit: fc.constantFrom('\\', 'n', 't', '\n', '\t', ' ', '停', '<|eot_id|>'), minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 16 }), (texts) => {
      expect(readStopTexts(writeStopTexts(texts))).toEqual(texts)
    }),
  )
})

test('empty lines are none', () => {
  expect(readStopTexts('\n\n###\n')).toEqual(['###'])
})
