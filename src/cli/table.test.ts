import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { cut, table, wrap } from './table.ts'

// Chinese is twice as wide as it is long: what is padded by length does not line up.
test('columns line up', () => {
  const lines = table([['名称', '大小'], ['羊驼 一', '1 GB'], ['a', '12.5 GB']], [1]).split('\n')
  expect(lines).toEqual(['名称        大小', '羊驼 一     1 GB', 'a        12.5 GB'])
  expect(new Set(lines.map((line) => stringWidth(line)))).toEqual(new Set([16]))
})

test('text is broken where it may be and nothing of it is lost', () => {
  const text = '监听的地址，默认按设置，即 127.0.0.1。不是本机回环地址时必须有密钥'
  for (const width of [10, 21, 40, 100]) {
    const lines = wrap(text, width).split('\n')
    expect(lines.every((line) => stringWidth(line) <= width + 2)).toBe(true)
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
    // No line begins with what ends a sentence.
    expect(lines.some((line) => /^[，。]/.test(line))).toBe(false)
  }
})

test('a line that is cut fits, and ends between characters', () => {
  expect(cut('羊驼 abc', 20)).toBe('羊驼 abc')
  expect(cut('羊驼羊驼', 6)).toBe('羊驼…')
  expect(cut('👨‍👩‍👧👨‍👩‍👧', 3)).toBe('👨‍👩‍👧…')
})
