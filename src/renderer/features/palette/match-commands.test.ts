import { expect, test } from 'vitest'
import { matchCommands } from './match-commands.ts'

const run = () => {}
const groups = [
  {
    title: 'Actions',
    commands: [
      { id: 'models', label: 'Go to models', run },
      { id: 'new', label: '新建对话', keywords: 'new chat', run },
      { id: 'model', label: 'Model settings', run },
    ],
  },
  { title: 'Chats', commands: Array.from({ length: 10_000 }, (_, i) => ({ id: `${i}`, label: `羊驼 ${i}`, run })) },
]
const found = (query: string) => matchCommands(groups, query).map(({ commands }) => commands.map(({ id }) => id))

test.each([
  // Bug: Chinese is found only from its first character, or only by whole words.
  ['对话', [['new']]],
  // Bug: full-width letters of an input method find nothing.
  ['ＮＥＷ', [['new']]],
  ['model', [['model', 'models']]],
  ['chat new', [['new']]],
  ['9999', [['9999']]],
  ['没有这个', []],
])('%s', (query, ids) => {
  expect(found(query)).toEqual(ids)
})

// Bug: all chats are drawn at each letter.
test('an empty query shows the head of each group', () => {
  expect(found('').map(({ length }) => length)).toEqual([3, 30])
})
