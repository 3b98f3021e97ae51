/** Files as other apps write them, by hand after the sources that each reader names. */
import { expect, test } from 'vitest'
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
