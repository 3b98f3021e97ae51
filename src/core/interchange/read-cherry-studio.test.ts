/** Backups as Cherry Studio writes them, by hand after the sources that the reader names. */
import { expect, test } from 'vitest'
import { outline, readContent } from './interchange.fixture.ts'

function cherry(version: number, indexedDB: unknown) {
  const assistants = {
    defaultAssistant: { id: 'default', name: '默认', topics: [] },
    assistants: [
      {
        id: 'default',
        name: '默认助手',
        prompt: '说中文。',
        topics: [{ id: 't1', name: '话题一', createdAt: '2025-03-01T00:00:00.000Z', pinned: true }],
      },
    ],
  }
  const persisted = JSON.stringify({ assistants: JSON.stringify(assistants), settings: '{}' })
  return JSON.stringify({ time: 1, version, localStorage: { 'persist:cherry-studio': persisted }, indexedDB })
}

test('Cherry Studio from version 4: blocks, answers side by side, assistants as folders', async () => {
  const { target, records, chats } = await readContent(
    cherry(5, {
      files: [{ id: 'f', origin_name: 'x'.repeat(100) }],
      topics: [
        {
          id: 't1',
          messages: [
            { id: 'm1', role: 'user', blocks: ['b1', 'b2'], createdAt: '2025-03-01T01:00:00.000Z' },
            { id: 'm2', role: 'assistant', askId: 'm1', blocks: ['b3', 'b4'], createdAt: '2025-03-01T01:00:05.000Z' },
            {
              id: 'm3',
              role: 'assistant',
              askId: 'm1',
              blocks: ['b5'],
              foldSelected: true,
              createdAt: '2025-03-01T01:00:06.000Z',
            },
            { id: 'm4', role: 'user', blocks: ['b6'], createdAt: '2025-03-01T01:01:00.000Z' },
          ],
        },
        { id: 'empty', messages: [] },
      ],
      message_blocks: [
        { id: 'b1', type: 'main_text', content: '问' },
        { id: 'b2', type: 'image', file: { origin_name: '图.png' } },
        { id: 'b3', type: 'thinking', content: '想' },
        { id: 'b4', type: 'main_text', content: '答一' },
        { id: 'b5', type: 'main_text', content: '答二' },
        { id: 'b6', type: 'main_text', content: '接着问' },
      ],
    }),
  )
  expect(target.format).toBe('cherry-studio')
  expect(records[0]).toMatchObject({ kind: 'folder', folder: { name: '默认助手', systemPrompt: '说中文。' } })
  expect(chats).toHaveLength(1)
  expect(chats[0]!.chat).toMatchObject({
    title: '话题一',
    folderId: (records[0] as { folder: { id: string } }).folder.id,
  })
  expect(outline(chats[0]!)).toEqual([
    'user: 问\n\n[image: 图.png]',
    '  assistant: <think>\n想\n</think>\n\n答一',
    '  assistant: 答二',
    '    user: 接着问',
  ])
})

test('Cherry Studio of older versions: texts in the messages, and a list of keys before that', async () => {
  const messages = [
    { id: 'm1', role: 'user', content: '问', createdAt: '2025-01-01T00:00:00.000Z' },
    { id: 'm2', role: 'assistant', askId: 'm1', content: '答', reasoning_content: '想' },
    { id: 'm3', role: 'user', content: '', type: 'clear' },
  ]
  const third = await readContent(cherry(3, { topics: [{ id: 't1', messages }] }))
  const first = await readContent(
    cherry(1, [
      { key: 'image://avatar', value: 'x' },
      { key: 'topic:t1', value: { id: 't1', messages } },
    ]),
  )
  for (const { chats, target } of [third, first]) {
    expect(outline(chats[0]!)).toEqual(['user: 问', '  assistant: <think>\n想\n</think>\n\n答'])
    expect(target.problems).toEqual([])
  }
})
