import { expect, test } from 'vitest'
import { promptMessages } from './prompt.ts'

const user = (text: string) => ({ role: 'user', text }) as const
const assistant = (text: string) => ({ role: 'assistant', text }) as const
const system = (text: string) => ({ role: 'system', text }) as const

test('begins with the system prompt exactly as written, unless it is blank', () => {
  expect(promptMessages(' You are. ', [user('hi')])).toEqual([system(' You are. '), user('hi')])
  expect(promptMessages(' \n', [user('hi')])).toEqual([user('hi')])
})

// Bug: after a failed answer the template refuses two messages of the person in a row, or the first one is lost.
test('joins the questions round an answer without text', () => {
  const path = [user('a'), assistant('b'), user('c'), assistant(''), user('d'), assistant(''), user('e')]
  expect(promptMessages('', path)).toEqual([user('a'), assistant('b'), user('c\n\nd\n\ne')])
})

test('keeps what was written of an interrupted answer', () => {
  const path = [user('a'), assistant('half'), user('c')]
  expect(promptMessages('', path)).toEqual(path)
})

// Bug: joining writes into the messages of the path itself.
test('leaves the path as it was', () => {
  const path = [user('a'), assistant(''), user('b')]
  promptMessages('', path)
  expect(path).toEqual([user('a'), assistant(''), user('b')])
})
