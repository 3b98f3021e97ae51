import { describe, expect, test } from 'vitest'
import { outline, readContent } from './interchange.fixture.ts'

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
