/** Files as other apps write them, by hand after the sources that each reader names. */
import { describe, expect, test } from 'vitest'
import { outline, readContent, shownTexts } from './interchange.fixture.ts'

const gptMessage = (role: string, text: string, more: object = {}) => ({
  author: { role },
  create_time: 1_700_000_001.5,
  content: { content_type: 'text', parts: [text] },
  ...more,
})

const chatGpt = [
  {
    title: '分支对话',
    create_time: 1_700_000_000.123,
    update_time: 1_700_000_100,
    conversation_id: 'conversation-1',
    current_node: 'answer-b',
    mapping: {
      root: { id: 'root', message: null, parent: null, children: ['system'] },
      system: { id: 'system', message: gptMessage('system', ''), parent: 'root', children: ['question', 'question-2'] },
      'answer-b': { id: 'answer-b', message: gptMessage('assistant', '乙'), parent: 'tool', children: [] },
      question: {
        id: 'question',
        message: gptMessage('user', '问'),
        parent: 'system',
        children: ['answer-a', 'thoughts'],
      },
      'answer-a': { id: 'answer-a', message: gptMessage('assistant', '甲'), parent: 'question', children: [] },
      thoughts: {
        id: 'thoughts',
        message: gptMessage('assistant', '', {
          content: { content_type: 'thoughts', thoughts: [{ summary: '想', content: '一想' }] },
        }),
        parent: 'question',
        children: ['call'],
      },
      call: {
        id: 'call',
        message: gptMessage('assistant', 'search("羊驼")', { recipient: 'web' }),
        parent: 'thoughts',
        children: ['tool'],
      },
      tool: { id: 'tool', message: gptMessage('tool', '找到了'), parent: 'call', children: ['answer-b'] },
      'question-2': {
        id: 'question-2',
        message: gptMessage('user', '', {
          content: {
            content_type: 'multimodal_text',
            parts: [{ content_type: 'image_asset_pointer', asset_pointer: 'file-service://file-1' }, '这是什么？'],
          },
        }),
        parent: 'system',
        children: [],
      },
    },
  },
]

// Bug: siblings in the order of the mapping, tools as messages of their own, or the wrong branch shown.
test('ChatGPT: the tree with its order, reasoning and tools inside the answer, pictures by name', async () => {
  const { target, chats } = await readContent(JSON.stringify(chatGpt))
  expect(target.format).toBe('chatgpt')
  expect(outline(chats[0]!)).toEqual([
    'user: 问',
    '  assistant: 甲',
    '  assistant: <think>\n想\n一想\n\nweb:\nsearch("羊驼")\n\n找到了\n</think>\n\n乙',
    'user: [image: file-1]\n\n这是什么？',
  ])
  expect(shownTexts(chats[0]!).at(-1)).toMatch(/乙$/)
  expect(chats[0]!.chat).toMatchObject({
    title: '分支对话',
    createdAt: 1_700_000_000_123,
    updatedAt: 1_700_000_100_000,
  })
  expect(chats[0]!.messages[0]!.createdAt).toBe(1_700_000_001_500)
  expect(target.problems).toEqual([{ name: '分支对话', code: 'media-left-out', count: 1 }])
})

const openWebUi = [
  {
    id: 'webui-1',
    title: 'Alpacas',
    created_at: 1_700_000_000,
    updated_at: 1_700_000_050,
    pinned: true,
    chat: {
      title: 'Alpacas',
      params: { system: 'Be brief.' },
      history: {
        currentId: 'b',
        messages: {
          q: {
            id: 'q',
            parentId: null,
            childrenIds: ['a', 'b'],
            role: 'user',
            content: 'Why?',
            timestamp: 1_700_000_001,
          },
          b: {
            id: 'b',
            parentId: 'q',
            childrenIds: [],
            role: 'assistant',
            content:
              '<details type="reasoning" done="true" duration="2">\n<summary>Thought for 2 seconds</summary>\n&gt; x &lt; y\n</details>\nBecause.',
          },
          a: { id: 'a', parentId: 'q', childrenIds: [], role: 'assistant', content: 'Wool.', model: 'llama3' },
        },
      },
    },
  },
  {
    id: 'webui-2',
    title: 'Old',
    chat: {
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'hello' },
      ],
    },
  },
]

test('Open WebUI: the tree, folded reasoning, the system prompt, and exports without a tree', async () => {
  const { target, chats } = await readContent(JSON.stringify(openWebUi))
  expect(target.format).toBe('open-webui')
  expect(outline(chats[0]!)).toEqual([
    'user: Why?',
    '  assistant: Wool.',
    '  assistant: <think>\nx < y\n</think>\n\nBecause.',
  ])
  expect(shownTexts(chats[0]!).at(-1)).toMatch(/Because/)
  expect(chats[0]!.chat).toMatchObject({ systemPrompt: 'Be brief.', pinnedAt: 1_700_000_050_000 })
  expect(outline(chats[1]!)).toEqual(['user: hi', '  assistant: hello'])
})

const lmStudio = {
  name: 'LM chat',
  pinned: false,
  createdAt: 1_718_000_000_000,
  tokenCount: 20,
  systemPrompt: '',
  perChatPredictionConfig: { fields: [{ key: 'llm.prediction.systemPrompt', value: '你是羊驼。' }] },
  messages: [
    {
      versions: [{ type: 'singleStep', role: 'user', content: [{ type: 'text', text: '你好' }] }],
      currentlySelected: 0,
    },
    {
      versions: [
        {
          type: 'multiStep',
          role: 'assistant',
          senderInfo: { senderName: 'llama' },
          steps: [{ type: 'contentBlock', content: [{ type: 'text', text: '一' }] }],
        },
        {
          type: 'multiStep',
          role: 'assistant',
          steps: [
            { type: 'contentBlock', style: { type: 'thinking' }, content: [{ type: 'text', text: '想想' }] },
            { type: 'contentBlock', content: [{ type: 'toolCallRequest', name: 'add', parameters: { a: 1 } }] },
            { type: 'contentBlock', content: [{ type: 'toolCallResult', content: '2' }] },
            { type: 'debugInfoBlock', debugInfo: 'x' },
            { type: 'contentBlock', content: [{ type: 'text', text: '二' }] },
          ],
        },
      ],
      currentlySelected: 1,
    },
    {
      versions: [
        {
          type: 'singleStep',
          role: 'user',
          content: [
            { type: 'text', text: '再见' },
            { type: 'file', fileType: 'image', name: 'a.png' },
          ],
        },
      ],
      currentlySelected: 0,
    },
  ],
}

test('LM Studio: versions are branches, and what follows hangs on the selected one', async () => {
  const { target, chats } = await readContent(JSON.stringify(lmStudio))
  expect(target.format).toBe('lm-studio')
  expect(outline(chats[0]!)).toEqual([
    'user: 你好',
    '  assistant: 一',
    '  assistant: <think>\n想想\n\nadd({"a":1})\n\n2\n</think>\n\n二',
    '    user: 再见\n\n[image: a.png]',
  ])
  expect(chats[0]!.chat).toMatchObject({ title: 'LM chat', systemPrompt: '你是羊驼。' })
})

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

describe('training data', () => {
  test('ShareGPT, also as lines and with the roles of others', async () => {
    const conversation = {
      conversations: [
        { from: 'system', value: '短' },
        { from: 'human', value: '问' },
        { from: 'gpt', value: '答' },
      ],
    }
    const openAi = {
      messages: [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: 'a' },
        { role: 'martian', content: 'm' },
      ],
    }
    const list = await readContent(JSON.stringify([conversation, openAi]))
    const lines = await readContent(`${JSON.stringify(conversation)}\n${JSON.stringify(openAi)}\nnot json\n`)
    for (const { chats, target } of [list, lines]) {
      expect(target.format).toBe('sharegpt')
      expect(outline(chats[0]!)).toEqual(['user: 问', '  assistant: 答'])
      expect(chats[0]!.chat).toMatchObject({ title: '问', titleSource: 'first-message', systemPrompt: '短' })
      expect(outline(chats[1]!)).toEqual(['user: q', '  assistant: a'])
    }
    expect(list.target.problems).toEqual([{ name: '', code: 'unknown-roles', count: 1 }])
    expect(lines.target.problems.map(({ code }) => code)).toEqual(['unknown-roles', 'damaged'])
  })

  test('Alpaca with input and history', async () => {
    const record = { instruction: '翻译', input: 'hello', output: '你好', system: '', history: [['在吗', '在']] }
    const { chats, target } = await readContent(JSON.stringify([record]))
    expect(target.format).toBe('alpaca')
    expect(outline(chats[0]!)).toEqual([
      'user: 在吗',
      '  assistant: 在',
      '    user: 翻译\nhello',
      '      assistant: 你好',
    ])
  })
})

// Bug: an app that stores a loop or an orphan hangs the import, or loses the text.
test('loose messages and circles are put at the top', async () => {
  const message = (text: string) => ({ author: { role: 'user' }, content: { content_type: 'text', parts: [text] } })
  const mapping = {
    orphan: { message: message('orphan'), parent: 'nowhere', children: [] },
    x: { message: message('x'), parent: 'y', children: ['y'] },
    y: { message: message('y'), parent: 'x', children: ['x'] },
  }
  const { chats, target } = await readContent(JSON.stringify([{ title: 't', mapping }]))
  expect(outline(chats[0]!)).toEqual(['user: orphan', 'user: x', '  user: y'])
  expect(target.problems).toEqual([{ name: 't', code: 'loose-messages', count: 2 }])
})

test('the same file gives the same ids, whatever the time', async () => {
  const [first, second] = [await readContent(JSON.stringify(chatGpt)), await readContent(JSON.stringify(chatGpt))]
  expect(second.chats).toEqual(first.chats)
  const ids = first.chats[0]!.messages.map(({ id }) => id)
  expect(ids.toSorted()).toEqual(ids)
})

test('what is no file of chats is refused with its reason', async () => {
  await expect(readContent('hello')).rejects.toMatchObject({ reason: 'unknown' })
  await expect(readContent('')).rejects.toMatchObject({ reason: 'empty' })
  await expect(readContent('[{"a": 1}]')).rejects.toMatchObject({ reason: 'unknown' })
  await expect(readContent('PK\x03\x04 and then nothing')).rejects.toMatchObject({ reason: 'damaged' })
})
