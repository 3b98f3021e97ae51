import { expect, test } from 'vitest'
import { titleFrom } from './title.ts'

test('is the first line that is not blank', () => {
  expect(titleFrom('\n  \n 羊驼是什么？\n第二行')).toBe('羊驼是什么？')
  expect(titleFrom('one\r\ntwo')).toBe('one')
  expect(titleFrom('   ')).toBe('')
})

// Bug: cutting by UTF-16 units leaves half an emoji.
test('is cut between characters as people see them', () => {
  const family = '👨‍👩‍👧‍👦'
  expect(titleFrom(family.repeat(40))).toBe(family.repeat(40))
  expect(titleFrom(family.repeat(41))).toBe(`${family.repeat(40)}…`)
})
