import { describe, expect, test } from 'vitest'
import { normaliseFormulas } from './normalise-formulas.ts'

const done = (text: string) => normaliseFormulas(text, false)

describe('normaliseFormulas', () => {
  test.each([
    'It costs $5 and $10.',
    '一个$5，两个$9.5。',
    'between $5-$10, US$100 or HK$200',
    'set $HOME and $PATH',
    '`$x$` and ``a ` $y$``',
    '```\n$x$\n```',
    '- 一\n  ```sh\n  echo $a $b$\n  ```',
    '~~~\n\\(x\\)\n~~~',
    'see \\[1\\] and \\$3',
    'a \\(b\n\nc\\)',
  ])('leaves %j alone', (text) => {
    expect(done(text)).toBe(text)
  })

  test.each([
    ['$x$ 与 $y_1$ 和 $5', '$$x$$ 与 $$y_1$$ 和 $5'],
    ['$面积 = \\pi r^2$', '$$面积 = \\pi r^2$$'],
    ['其中 \\(a+b\\)。', '其中 $$a+b$$。'],
    ['价格$5，公式$x^2$', '价格$5，公式$$x^2$$'],
    ['$$E=mc^2$$', '$$\nE=mc^2\n$$'],
    ['$$E=mc^2$$。', '$$\nE=mc^2\\text{。}\n$$'],
    ['由 \\[ a=b \\] 得', '由 \n$$\na=b\n$$\n得'],
    ['1. 求\n   \\[\n   x\n   \\]\n2. 完', '1. 求\n   $$\n   x\n   $$\n2. 完'],
    ['- $$x$$\n- b', '- $$\n  x\n  $$\n- b'],
    ['> \\[ x \\]', '> $$\n> x\n> $$'],
    ['| $|x|$ |', '| $$\\vert x\\vert $$ |'],
    ['$$ alone', '\\$\\$ alone'],
  ])('writes %j in the one notation', (text, expected) => {
    expect(done(text)).toBe(expected)
  })

  test('shows an unfinished formula of a growing text as unfinished, and a price as a price', () => {
    expect(normaliseFormulas('设 $x^2 +', true)).toBe('设 $$\uE000x^2 +$$')
    expect(normaliseFormulas('设\n$$\n\\frac{a', true)).toBe('设\n$$\n\uE000\\frac{a\n$$')
    expect(normaliseFormulas('要 $5', true)).toBe('要 $5')
  })

  test.each([
    ['dollars', '$a '],
    ['pairs of dollars', '$$ '],
    ['opening brackets', '\\['],
    ['opening parentheses', '\\('],
    ['code and formulas', '`a` $x$ '],
    ['fences that do not close', '$\n~~~\n```\n'],
  ])('takes 300 kB of %s in bounded time', (_, piece) => {
    const text = piece.repeat(300_000 / piece.length)
    const startMs = performance.now()
    done(text)
    normaliseFormulas(text, true)
    expect(performance.now() - startMs).toBeLessThan(3_000)
  })
})
