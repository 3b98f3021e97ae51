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
      '[a]: http://b', '[^1]: n', '[^1]', '<think>', '</think>', '\n</think>\n',
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

  // Bug: a note makes the whole answer one block, which is parsed again with every word.
  test('takes footnotes out, each with its lines', () => {
    const blocks = splitBlocks('一[^1]\n\n二[^b]\n\n[^1]: 注\n续\n[^b]: 甲\n\n    乙\n\n三')
    expect(blocks.map(({ type }) => type)).toEqual(['paragraph', 'paragraph', 'note', 'note', 'paragraph'])
    expect(blocks[2]?.note).toEqual({ label: '1', text: '注\n续' })
    expect(blocks[3]?.note).toEqual({ label: 'b', text: '甲\n\n乙' })
  })

  // Bug: what was thought stands in the answer, or its last tag does.
  test('puts what was thought first', () => {
    expect(splitBlocks('<think>\n甲\n</think>\n\n乙')[0]?.reasoning).toEqual({ text: '甲', isEnded: true })
    expect(splitBlocks('<think>甲</thi')[0]?.reasoning).toEqual({ text: '甲', isEnded: false })
    expect(splitBlocks('甲\n</think>\n乙').map(({ type }) => type)).toEqual(['reasoning', 'space', 'paragraph'])
    expect(types('The tag `</think>` ends it.')).toEqual(['paragraph'])
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
    expect(performance.now() - startMs).toBeLessThan(10_000)
  })
})
