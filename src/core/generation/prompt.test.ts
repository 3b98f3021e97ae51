import { expect, test } from 'vitest'
import { buildPrompt, isChinese, type PathMessage, type PromptInput } from './prompt.ts'

const files: Record<string, string> = { a: 'one\ntwo', b: 'has ```` in it\n' }
const readAttachment = async (id: string) => files[id]!

function node(role: 'user' | 'assistant', text: string, ...names: string[]): PathMessage {
  const attachments = names.map((name) => ({ id: name, name: `${name}.txt`, sizeBytes: 1 }))
  return { id: text, role, text, attachments, summary: null, runCard: null }
}
const user = (text: string, ...names: string[]) => node('user', text, ...names)
const assistant = (text: string) => node('assistant', text)

async function build(path: PathMessage[], input: Partial<PromptInput> = {}) {
  const defaults = { mode: 'chat', systemPrompt: '', cut: null, summary: '', answerStart: '' } as const
  return buildPrompt({ ...defaults, path, ...input }, readAttachment)
}
async function messages(path: PathMessage[], input: Partial<PromptInput> = {}) {
  const { prompt } = await build(path, input)
  return 'messages' in prompt ? prompt.messages : []
}

test('begins with the system prompt exactly as written, unless it is blank', async () => {
  const question = { role: 'user', text: 'hi' }
  const system = { role: 'system', text: ' You are. ' }
  expect(await messages([user('hi')], { systemPrompt: ' You are. ' })).toEqual([system, question])
  expect(await messages([user('hi')], { systemPrompt: ' \n' })).toEqual([question])
})

// Bug: after a failed answer the template refuses two messages of the person in a row, or the first one is lost.
test('joins the questions round an answer without text, and says where all comes from', async () => {
  const path = [user('a'), assistant('b'), user('c'), assistant(''), user('d'), assistant(''), user('e')]
  const { prompt, sources } = await build(path)
  expect(prompt).toEqual({
    messages: [
      { role: 'user', text: 'a' },
      { role: 'assistant', text: 'b' },
      { role: 'user', text: 'c\n\nd\n\ne' },
    ],
  })
  expect(sources).toEqual([[0], [1], [2, 4, 6]])
})

// Bug: a file that shows fences ends its own, or its text counts as typed by the person.
test('puts attachments before the text, fenced, with their length', async () => {
  const attached = 'a.txt\n```\none\ntwo\n```\n\nb.txt\n`````\nhas ```` in it\n`````\n\n'
  expect(await messages([user('What is it?', 'a', 'b')])).toEqual([
    { role: 'user', text: `${attached}What is it?`, attachedLength: attached.length },
  ])
})

test('leaves out what is cut, and puts the summary before the first message after it', async () => {
  const path = [user('a'), assistant('b'), user('c', 'a'), assistant('d'), user('e')]
  const { prompt, sources } = await build(path, { systemPrompt: 's', cut: { from: 0, to: 1 }, summary: 'They met.' })
  const head = 'Summary of the conversation so far:\nThey met.\n\na.txt\n```\none\ntwo\n```\n\n'
  expect(prompt).toEqual({
    messages: [
      { role: 'system', text: 's' },
      { role: 'user', text: `${head}c`, attachedLength: head.length },
      { role: 'assistant', text: 'd' },
      { role: 'user', text: 'e' },
    ],
  })
  expect(sources).toEqual([[], [2], [3], [4]])
})

// Bug: building writes into the messages of the path itself.
test('leaves the path as it was', async () => {
  const path = [user('a'), assistant(''), user('b', 'a')]
  const before = structuredClone(path)
  await build(path)
  expect(path).toEqual(before)
})

test('a completion is its pieces, one after the other', async () => {
  const path = [user('a'), assistant('b'), user('')]
  const { prompt } = await build(path, { mode: 'completion', systemPrompt: 's', answerStart: 'c' })
  expect(prompt).toEqual({ text: 'abc' })
})

test('tells Chinese from English', () => {
  expect(['你好', '用 TypeScript 写一个函数', 'Translate 羊驼 to English, and say how it is pronounced'].map(isChinese)).toEqual([
    true,
    true,
    false,
  ])
})
