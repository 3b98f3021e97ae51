import fc from 'fast-check'
import { expect, test } from 'vitest'
import { excerptOf, fold, gramsOf, hasWords, queryGrams, rangesOf, wordsOf } from './search-text.ts'

/** Letters of all widths and forms, marks that join, jamo, emoji, spaces, and halves of surrogate pairs. */
const characters = fc.constantFrom(
  ...['a', 'B', 'é', 'e', '\u0301', 'Ａ', 'ﬁ', 'Σ', 'İ', '羊', '驼', 'ｶ', '\uff9e', '한', '\u1112', '\u1161', '\u11ab'],
  ...['👨‍👩‍👧', '🦙', '\ud83e', '\udd99', ' ', '\u3000', '\n', '.', '…', '"', '`', '\0', '\x7f', '１', '①', '㌔'],
)
const texts = fc.string({ unit: characters, maxLength: 60 })
const anyTexts = fc.oneof(texts, fc.string({ unit: 'binary', maxLength: 40 }))

test('capital letters and widths are the same', () => {
  expect(wordsOf('  ＬＬａＭＡ　羊驼\tΣΑΣ ')).toEqual(['llama', '羊驼', 'σασ'])
  expect(fold('ﬁle')).toBe('file')
  expect(wordsOf(' \n\u3000')).toEqual([])
})

// Bug: a message that contains the query is not among those the index names.
test('a text has all grams of each word in it', () => {
  fc.assert(
    fc.property(anyTexts, fc.nat(), fc.nat(12), (text, start, length) => {
      const folded = fold(text)
      const at = start % (folded.length + 1)
      for (const word of wordsOf(folded.slice(at, at + length)).filter((word) => folded.includes(word))) {
        // Half a surrogate pair is no text that is searched for.
        if (!word.isWellFormed()) continue
        const grams = gramsOf(folded)
        expect(queryGrams([word]).filter((gram) => !grams.has(gram))).toEqual([])
      }
    }),
  )
})

test('a query is looked for by its longest grams', () => {
  expect(queryGrams(['的'])).toEqual(['的'])
  expect(queryGrams(['羊驼好'])).toEqual(['羊驼', '驼好'])
  expect(queryGrams(['gpt模', 'ab'])).toEqual(['gpt', 't模', 'ab'])
  expect(queryGrams(['a'.repeat(500)])).toEqual(['aaa'])
})

// Bug: a highlight that is shifted, or cuts a character, behind letters that change their length.
test('ranges are of the text as it stands', () => {
  const marked = (text: string, query: string) =>
    rangesOf(text, wordsOf(query)).map(([start, end]) => text.slice(start, end))
  expect(marked('ﬁlm ﬁ ＦＩ ①', 'fi 1')).toEqual(['ﬁ', 'ﬁ', 'ＦＩ', '①'])
  expect(marked('Cafe\u0301 café', 'café')).toEqual(['Cafe\u0301', 'café'])
  expect(marked('ｶﾞｷﾞ', 'ガ')).toEqual(['ｶﾞ'])
  expect(marked('👨‍👩‍👧羊驼🦙', '羊驼 🦙')).toEqual(['羊驼🦙'])
  expect(marked('ababa', 'aba ba')).toEqual(['ababa'])
})

// Bug: folding piece by piece gives another text than folding the whole, and offsets of long texts are wrong.
test('what is found in a text is marked in its excerpt', () => {
  fc.assert(
    fc.property(anyTexts, fc.nat(400), fc.nat(), fc.integer({ min: 1, max: 5 }), (text, padding, start, length) => {
      const whole = `${'ﬁ. '.repeat(padding * 10)}${text}`
      const folded = fold(text)
      const at = start % (folded.length + 1)
      const words = wordsOf(folded.slice(at, at + length)).filter((word) => word.isWellFormed())
      fc.pre(words.length > 0 && hasWords(fold(whole), words))
      const { excerpt, ranges } = excerptOf(whole, words)
      expect(ranges.length).toBeGreaterThan(0)
      expect(excerpt).not.toMatch(/[\n\t]/)
      expect(words.some((word) => fold(excerpt.slice(...ranges[0]!)).includes(word[0]!))).toBe(true)
    }),
  )
})

test('an excerpt is one line round the first hit', () => {
  const text = `${'前文。'.repeat(100)}\n  羊驼\n\n${'后文。'.repeat(100)}`
  const { excerpt, ranges } = excerptOf(text, ['羊驼'])
  expect(excerpt).toMatch(/^….*。 羊驼 后.*…$/)
  expect(excerpt.length).toBeLessThan(200)
  expect(ranges.map(([start, end]) => excerpt.slice(start, end))).toEqual(['羊驼'])
})

// Bug: a hit at the end of a message of a megabyte keeps the host busy for seconds.
test('the excerpt of a long text is made quickly', () => {
  const text = `${'ﬁne 羊 '.repeat(200_000)}needle`
  const startedAt = performance.now()
  expect(excerptOf(text, ['needle']).excerpt).toMatch(/needle$/)
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})
