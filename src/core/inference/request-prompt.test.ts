import { expect, test } from 'vitest'
import type { InferenceMessage, Tool } from '../../shared/contract/inference.ts'
import { requestPrompt } from './request-prompt.ts'

const user = (text: string): InferenceMessage => ({ role: 'user', text })
const assistant = (text: string): InferenceMessage => ({ role: 'assistant', text, toolCalls: [] })
const result = (text: string): InferenceMessage => ({ role: 'tool', text, toolCallId: null })
const calling = (...names: string[]): InferenceMessage => ({
  role: 'assistant',
  text: '好。',
  toolCalls: names.map((name) => ({ id: name, name, arguments: '' })),
})
const ping: Tool = { name: 'ping', description: '', parameters: {} }
const put = (messages: InferenceMessage[], tools: Tool[] = [], systemPrompt = '') =>
  requestPrompt({ type: 'chat', messages, tools, toolChoice: { type: 'auto' } }, tools, systemPrompt)

// Most templates refuse two turns of the same side in a row, or a system message in the middle.
test('turns alternate, and all that the system says stands first', () => {
  const system: InferenceMessage = { role: 'system', text: '二' }
  const messages = [{ ...system, text: '一' }, user('a'), user('b'), assistant(''), system, user('c')]
  expect(put(messages, [], 'unused')).toEqual({
    messages: [
      { role: 'system', text: '一\n\n二' },
      { role: 'user', text: 'a\n\nb\n\nc' },
    ],
  })
  expect(put([user('a')], [], '一')).toEqual({
    messages: [
      { role: 'system', text: '一' },
      { role: 'user', text: 'a' },
    ],
  })
})

// An answer that was begun would stand as a finished turn, or one that called tools be gone on with.
test('a last message of the assistant is the start of the answer, unless it called tools', () => {
  expect(put([user('a'), assistant('b')])).toEqual({ messages: [{ role: 'user', text: 'a' }], answerStart: 'b' })
  expect(put([user('a'), assistant('')])).toEqual({ messages: [{ role: 'user', text: 'a' }] })
  expect(put([user('a'), calling('ping')])).not.toHaveProperty('answerStart')
})

// Results of calls that were made together would be turns of their own, which no template takes.
test('calls and their results are read as blocks', () => {
  const { messages } = put([user('a'), calling('ping', 'pong'), result('1'), result('2')], [ping]) as {
    messages: { role: string; text: string }[]
  }
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
  expect(messages[0]!.text).toContain('{"type":"function","function":{"name":"ping","description":"","parameters":{}}}')
  expect(messages[2]!.text).toBe(
    '好。\n<tool_call>\n{"name": "ping", "arguments": {}}\n</tool_call>' +
      '\n<tool_call>\n{"name": "pong", "arguments": {}}\n</tool_call>',
  )
  expect(messages[3]!.text).toBe(
    '<tool_response>\n1\n</tool_response>\n\n<tool_response>\n2\n</tool_response>',
  )
})
