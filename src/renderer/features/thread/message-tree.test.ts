import { expect, test } from 'vitest'
import type { Message } from '../../../shared/contract/chats.ts'
import { branchOf, latestLeaf, pathTo, withChildren } from './message-tree.ts'

const message = (id: string, parentId: string | null) => ({ id, parentId }) as Message

/** 1 ─ 2 ─ 4 ─ 5, with 3 beside 2 and 6 beside 5; 7 beside 1. */
const all = [
  message('1', null),
  message('2', '1'),
  message('3', '1'),
  message('4', '2'),
  message('5', '4'),
  message('6', '4'),
  message('7', null),
]
const messages = new Map(all.map((message) => [message.id, message]))
const children = withChildren(new Map(), all)

test('the path goes from the first message to the leaf', () => {
  expect(pathTo(messages, '5')).toEqual({ path: ['1', '2', '4', '5'], isWhole: true })
  expect(pathTo(messages, null)).toEqual({ path: [], isWhole: true })
})

// Bug: a long chat shows nothing until all of it has come, or a piece of a path is taken for the whole.
test('a path begins where its messages are known, and says that it is not whole', () => {
  expect(pathTo(messages, '9')).toEqual({ path: [], isWhole: false })
  expect(pathTo(new Map([['8', message('8', '9')]]), '8')).toEqual({ path: ['8'], isWhole: false })
})

// Bug: deleting a branch leaves the answers below it.
test('a branch is a message with all below it', () => {
  expect(branchOf(children, '2').sort()).toEqual(['2', '4', '5', '6'])
  expect(branchOf(children, '3')).toEqual(['3'])
})

test('switching to a branch leads to where work on it went on last', () => {
  expect(latestLeaf(children, '1')).toBe('6')
  expect(latestLeaf(children, '3')).toBe('3')
})

// Bug: every message renders again when one is added.
test('only the parent of a new message gets another list of children', () => {
  const next = withChildren(children, [message('8', '3')])
  expect(next.get('3')).toEqual(['8'])
  for (const [parentId, ids] of children) expect(next.get(parentId)).toBe(ids)
})
