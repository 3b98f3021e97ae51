import { describe, expect, test } from 'vitest'
import { attacks } from '../../../shared/lib/attacks.fixture.ts'
import { expectHarmless } from '../../../shared/lib/expect-harmless.fixture.ts'
import { toRichText } from './rich-text.ts'

describe('toRichText', () => {
  // Bug: a table without borders in Word, a formula as a heap of letters, thoughts in what is pasted.
  test('has what a word processor needs in its elements', () => {
    const html = toRichText('<think>甲</think>\n\n| a | b |\n|---|--:|\n| 1 | $x^2$ |\n\n- [x] 完成\n\n价格 $5 与 $6')
    expect(html).toContain('<td style="border: 1px solid #bbb')
    expect(html).toContain('<math')
    expect(html).toContain('☑ 完成')
    expect(html).toContain('价格 $5 与 $6')
    expect(html).not.toContain('甲')
  })

  // Bug: what is harmless in the thread runs where it is pasted.
  test.each(attacks)('%j is harmless', (attack) => expectHarmless(toRichText(attack)))
})
