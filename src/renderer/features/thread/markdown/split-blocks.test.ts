import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitBlocks } from './split-blocks.ts'

const types = (text: string) => splitBlocks(text).map(({ type }) => type)
const joined = (text: string) => splitBlocks(text).map(({ source }) => source).join('')

/** Texts from pieces that begin, end and interrupt blocks. */
const markdown = fc
  .array(
    fc.constantFrom(
      '# 标题', '\n', '\n\n', '- 一', '  - 二', '1. ', '> ', '```', '```js\n', '~~~', '`', '$$', '\\[', '\\]',
      '| a | b |', '|---|---|', '**粗**', '文字', 'text', ' ', '    ', '\t', '\r\n', '---', '===', '<div>', '</div>', '<!--',
      '[a]: http://b', '[^1]: n',
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''))

describe('splitBlocks', () => {
  test('keeps a formula with blank lines and list signs in one piece', () => {
    const text = '由此\n$$\na\n\n- b\n$$\n可得\n\n\\[\nc\n\n# d\n\\]'
    expect(types(text)).toEqual(['paragraph', 'formula', 'paragraph', 'formula'])
  })

  test('gives the code of a fence and its name', () => {
    const [block] = splitBlocks('```python title=x\nif a:\n    b\n```\n')
    expect(block?.code).toEqual({ language: 'python', text: 'if a:\n    b' })
  })

  test('keeps a text with footnotes whole, so that the numbers agree', () => {
    expect(splitBlocks('一[^1]\n\n二\n\n[^1]: 注')).toHaveLength(1)
  })

  test('loses nothing', () => {
    fc.assert(fc.property(markdown, (text) => joined(text) === text.replace(/\r\n?/g, '\n')))
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => joined(text) === text.replace(/\r\n?/g, '\n')))
  })

  test('splits a growing text as it splits the whole', () => {
    fc.assert(
      fc.property(markdown, markdown, markdown, (first, second, third) => {
        const known = splitBlocks(first + second, splitBlocks(first))
        expect(splitBlocks(first + second + third, known)).toEqual(splitBlocks(first + second + third))
      }),
    )
  })

  test.each([
    ['one line of a megabyte', 'word '.repeat(200_000)],
    ['100,000 paragraphs', 'abc\n\n'.repeat(100_000)],
    ['10,000 backticks', '`'.repeat(10_000)],
    ['10,000 nested quotes', '>'.repeat(10_000)],
    ['unclosed formulas', '$$ a\n\n\\[ '.repeat(50_000)],
  ])('takes %s in bounded time', (_, text) => {
    const startMs = performance.now()
    expect(joined(text)).toBe(text)
    expect(performance.now() - startMs).toBeLessThan(3_000)
  })
})
