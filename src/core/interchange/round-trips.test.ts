/** What this app writes, it reads again. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileNameOf, UniqueNames } from './file-names.ts'
import { englishWords, outline, readContent, storedChat, storedMessage } from './interchange.fixture.ts'
import { toMarkdown } from './markdown-file.ts'
import type { ChatRecord, InterchangeRecord, StoredMessage } from './records.ts'
import { exchangeOf, shownChat } from './shown-chat.ts'
import { toAlpaca, toShareGpt } from './training-data.ts'
import { toOwnJson } from './write-json.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('\n', '\r', '<!-- yangtuo-', '0', ':message {} -->', '**You**', ' ', '羊驼', '<think>', '# '),
  }),
)

/** Each message hangs on an earlier one or on none; the shown leaf is any of them. */
const anyChat: fc.Arbitrary<ChatRecord> = fc
  .tuple(
    fc.array(fc.record({ parent: fc.nat(), text: anyText, isUser: fc.boolean() }), { minLength: 1, maxLength: 20 }),
    fc.nat(),
    anyText,
  )
  .map(([nodes, leaf, title]) => {
    const id = (index: number) => `0190a000-0000-7000-8000-${String(index).padStart(12, '0')}`
    const messages = nodes.map(({ parent, text, isUser }, index): StoredMessage => {
      const above = parent % (index + 1)
      return storedMessage({
        id: id(index),
        parentId: above === 0 ? null : id(above - 1),
        role: isUser ? 'user' : 'assistant',
        text,
      })
    })
    const chat = storedChat({ title: [...title].slice(0, 200).join(''), activeLeafId: id(leaf % nodes.length) })
    return { kind: 'chat', chat, messages }
  })

async function ownJson(records: InterchangeRecord[], attachments: Record<string, string> = {}): Promise<string> {
  async function* all() {
    yield* records
  }
  const pieces: string[] = []
  for await (const piece of toOwnJson(all, (id) => attachments[id] ?? null, true)) pieces.push(piece)
  return pieces.join('')
}

// Bug: a branch, a text or an order is lost on the way through our own format.
test('any tree → JSON → the same tree', async () => {
  await fc.assert(
    fc.asyncProperty(anyChat, async (record) => {
      const { chats, target } = await readContent(await ownJson([record]))
      expect(chats).toEqual([record])
      expect(target.problems).toEqual([])
    }),
    { numRuns: 80 },
  )
}, 60_000)

// Bug: a text that looks like our own marks, or ends in line breaks, comes back changed.
test('any path → Markdown → the same texts', async () => {
  await fc.assert(
    fc.asyncProperty(anyChat, fc.option(anyText), async (record, systemPrompt) => {
      const chat = { ...record.chat, systemPrompt }
      const shown = shownChat({ ...record, chat })
      // A file in which nothing but Windows line ends stands is read as one that an editor has changed.
      const text = toMarkdown(shown, englishWords, () => null)
      const { chats } = await readContent(text)
      const expected = shown.path.filter(({ text }) => text.trim() !== '')
      const texts = chats.flatMap(({ messages }) => messages.map(({ text }) => text))
      expect(texts.join('\n\n')).toBe(expected.map(({ text }) => text).join('\n\n'))
    }),
    { numRuns: 80 },
  )
}, 60_000)

test('attached texts and folders come back with their chat', async () => {
  const text = '附件的内容'
  const id = 'b3a8e0e1f9ab1bfe3a36f231f676f78bb30a519d2b21e6c530c0eee8ebb4a5d0'
  const hash = (await import('node:crypto')).createHash('sha256').update(text).digest('hex')
  const attachment = { id: hash, name: '说明.txt', sizeBytes: 15 }
  const message = storedMessage({ id: 'm1', role: 'user', text: '看附件', attachments: [attachment] })
  const missing = storedMessage({
    id: 'm2',
    parentId: 'm1',
    role: 'assistant',
    text: 'x',
    attachments: [{ ...attachment, id }],
  })
  const record: ChatRecord = { kind: 'chat', chat: storedChat({ activeLeafId: 'm1' }), messages: [message, missing] }
  const json = await readContent(await ownJson([record], { [hash]: text }))
  expect(json.target.attachmentCount).toBe(1)
  expect(json.target.problems).toEqual([{ name: '', code: 'attachment-missing', count: 1 }])
  const markdown = await readContent(toMarkdown(shownChat(record), englishWords, () => text))
  expect(markdown.chats[0]!.messages[0]!.attachments).toEqual([attachment])
})

test('training data is read as it was written', async () => {
  const messages = ['问一', '答一', '问二', '答二'].map((text, index) =>
    storedMessage({
      id: `m${index}`,
      parentId: index ? `m${index - 1}` : null,
      role: index % 2 ? 'assistant' : 'user',
      text,
    }),
  )
  const record: ChatRecord = { kind: 'chat', chat: storedChat({ systemPrompt: '短些', activeLeafId: 'm3' }), messages }
  const exchange = exchangeOf(shownChat(record), () => null)
  expect(toAlpaca(exchange)).toEqual({
    instruction: '问二',
    input: '',
    output: '答二',
    system: '短些',
    history: [['问一', '答一']],
  })
  for (const value of [toAlpaca(exchange), toShareGpt(exchange)]) {
    const { chats } = await readContent(JSON.stringify([value]))
    expect(outline(chats[0]!).map((line) => line.trim())).toEqual([
      'user: 问一',
      'assistant: 答一',
      'user: 问二',
      'assistant: 答二',
    ])
    expect(chats[0]!.chat.systemPrompt).toBe('短些')
  }
  expect(toAlpaca({ system: '', turns: [{ role: 'user', text: 'x' }] })).toBeNull()
})

// Bug: a title becomes a path, a hidden file, a device, or a name that no system takes.
test('names of files', () => {
  expect(fileNameOf('羊驼是什么？', 'chat')).toBe('羊驼是什么？')
  expect(fileNameOf('../../etc/passwd', 'chat')).toBe('etc passwd')
  expect(fileNameOf('a:b\\c|d*\u202Etxt.exe', 'chat')).toBe('a b c d txt.exe')
  expect(fileNameOf('CON', 'chat')).toBe('_CON')
  expect(fileNameOf(' . ', 'chat')).toBe('chat')
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (title) => {
      const name = fileNameOf(title, 'chat')
      expect(name).not.toMatch(/[/\\\p{Cc}]|^\.|[. ]$/u)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(181)
      expect(name).not.toBe('')
    }),
  )
  const names = new UniqueNames()
  expect([names.take('', 'A', '.md'), names.take('', 'a', '.md'), names.take('b/', 'a', '.md')]).toEqual([
    'A.md',
    'a (2).md',
    'b/a.md',
  ])
})
