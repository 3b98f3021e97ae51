/** Files of unknown origin: whatever is in them, reading ends, and says what it could not read. */
import fc from 'fast-check'
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js'
import { expect, test } from 'vitest'
import { ImportRefused } from './import-refused.ts'
import { outline, readContent } from './interchange.fixture.ts'
import { jsonItems } from './json-items.ts'

const chat = (title: string) => ({
  title,
  current_node: 'b',
  mapping: {
    a: { id: 'a', message: { author: { role: 'user' }, content: { parts: ['问'] } }, parent: null, children: ['b'] },
    b: { id: 'b', message: { author: { role: 'assistant' }, content: { parts: ['答'] } }, parent: 'a', children: [] },
  },
})
const samples = [
  JSON.stringify([chat('一'), chat('two')]),
  JSON.stringify({
    name: 'x',
    messages: [{ versions: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }], currentlySelected: 0 }],
  }),
  JSON.stringify({
    format: 'yangtuo-chats',
    version: 1,
    folders: [],
    chats: [{ id: 'c', messages: [{ id: 'm', role: 'user', text: 'x' }] }],
  }),
  JSON.stringify({
    version: 5,
    localStorage: {},
    indexedDB: { topics: [{ id: 't', messages: [{ id: 'm', role: 'user', content: 'x' }] }] },
  }),
  '<!-- yangtuo-0:chat {"version":1,"title":"t"} -->\n# t\n\n<!-- yangtuo-0:message {"role":"user"} -->\n**You**\n\nhi\n\n',
]

async function readOrRefuse(content: string | Uint8Array): Promise<void> {
  try {
    const { chats } = await readContent(content)
    for (const { messages } of chats) {
      const before = new Set<string | null>([null])
      for (const { id, parentId } of messages) {
        expect(before.has(parentId)).toBe(true)
        before.add(id)
      }
    }
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error
  }
}

// Bug: a byte changed, cut or doubled anywhere throws, hangs, or gives a message whose parent is not there.
test('damaged texts are read as far as they go', async () => {
  const mutation = fc.record({
    sample: fc.constantFrom(...samples),
    cuts: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat(20),
        put: fc.string({ maxLength: 8 }),
      }),
      { maxLength: 4 },
    ),
  })
  await fc.assert(
    fc.asyncProperty(mutation, async ({ sample, cuts }) => {
      const damaged = cuts.reduce((text, { at, length, put }) => {
        const start = Math.floor(at * text.length)
        return text.slice(0, start) + put + text.slice(start + length)
      }, sample)
      await readOrRefuse(damaged)
    }),
    { numRuns: 200 },
  )
}, 60_000)

test('any JSON is read or refused', async () => {
  await fc.assert(fc.asyncProperty(fc.json({ maxDepth: 4 }), readOrRefuse), { numRuns: 60 })
  // Of the shapes that readers look for, with anything inside.
  const anything = fc.jsonValue({ maxDepth: 3 })
  const shaped = fc.record(
    {
      mapping: fc.dictionary(fc.string(), anything),
      chat: anything,
      conversations: anything,
      messages: anything,
      instruction: anything,
      output: anything,
      name: anything,
      indexedDB: anything,
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(shaped), (value) => readOrRefuse(JSON.stringify(value))),
    { numRuns: 60 },
  )
}, 60_000)

// Bug: the pieces differ from what JSON.parse gives, because a quote or a bracket in a text was counted.
test('a list read piece by piece, in chunks of any size, is the list', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 40 }), async (list, chunkSize) => {
      const bytes = Buffer.from(JSON.stringify(list, null, 1))
      async function* chunks() {
        for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
      }
      const values: unknown[] = []
      for await (const item of jsonItems(chunks(), { opens: (path) => path.length === 0 })) {
        if (item.type === 'value') values.push(item.value)
      }
      // A root that is no list is one piece.
      expect(values).toEqual(JSON.parse(bytes.toString()))
    }),
  )
})

test('what came before a cut is kept, and the cut is told', async () => {
  const text = JSON.stringify([chat('一'), chat('二'), chat('三')])
  const { chats, target } = await readContent(text.slice(0, -30), '导出.json')
  expect(chats.map((record) => record.chat.title)).toEqual(['一', '二'])
  expect(target.problems).toEqual([{ name: '导出.json', code: 'cut-off', count: 1 }])
})

test('a chat that is damaged is left out and named; the others are read', async () => {
  const { chats, target } = await readContent(JSON.stringify([chat('一'), { title: '坏', nothing: 1 }, chat('三')]))
  expect(chats.map((record) => record.chat.title)).toEqual(['一', '三'])
  expect(target.problems).toEqual([{ name: '坏', code: 'damaged', count: 1 }])
})

async function zip(entries: Record<string, string | Uint8Array>): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter())
  for (const [name, content] of Object.entries(entries)) {
    await writer.add(
      name,
      new Uint8ArrayReader(typeof content === 'string' ? new TextEncoder().encode(content) : content),
    )
  }
  return writer.close()
}

test('an archive: folders are kept, names that lead out are refused, other files passed over', async () => {
  const { chats, records, target } = await readContent(
    await zip({
      '工作/甲/a.json': JSON.stringify(chat('甲')),
      'b.json': JSON.stringify(chat('乙')),
      '../../evil.json': JSON.stringify(chat('evil')),
      'user.json': '{"id": 1}',
      'picture.png': 'x',
      '__MACOSX/b.json': 'x',
    }),
  )
  expect(chats.map((record) => record.chat.title)).toEqual(['甲', '乙'])
  const folders = records.filter((record) => record.kind === 'folder').map(({ folder }) => folder)
  expect(folders.map(({ name }) => name)).toEqual(['工作', '甲'])
  expect(folders[1]!.parentId).toBe(folders[0]!.id)
  expect(chats[0]!.chat.folderId).toBe(folders[1]!.id)
  expect(target.problems).toEqual([{ name: '../../evil.json', code: 'entry-refused', count: 1 }])
})

test('raw database files of Cherry Studio are named as such', async () => {
  await expect(
    readContent(await zip({ 'metadata.json': '{}', 'IndexedDB/file__0.indexeddb.leveldb/000003.log': 'x' })),
  ).rejects.toMatchObject({
    reason: 'raw-database',
  })
})

// Bug: a few hundred kilobytes unpack to gigabytes, on disk or in memory.
test('a zip bomb is refused', async () => {
  const zeros = (bytes: number) => Buffer.concat([Buffer.from('["'), Buffer.alloc(bytes, '0')])
  const bomb = await zip({ 'conversations.json': zeros(101_000_000) })
  expect(bomb.length).toBeLessThan(200_000)
  const bombs = await zip({ 'a.json': zeros(51_000_000), 'b.json': zeros(51_000_000) })
  await expect(readContent(bomb)).rejects.toMatchObject({ reason: 'refused' })
  await expect(readContent(bombs)).rejects.toMatchObject({ reason: 'refused' })
}, 60_000)

test('a damaged archive gives what can be read', async () => {
  const whole = await zip({ 'a.json': JSON.stringify(chat('甲')), 'b.json': JSON.stringify(chat('乙')) })
  expect(await new ZipReader(new Uint8ArrayReader(whole)).getEntries()).toHaveLength(2)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      async (changes) => {
        const damaged = whole.slice()
        for (const [at, byte] of changes) damaged[at] = byte
        await readOrRefuse(damaged)
      },
    ),
    { numRuns: 80 },
  )
}, 60_000)

test('a file nested thousands deep is refused, not a crash', async () => {
  await readOrRefuse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  const { chats } = await readContent(
    JSON.stringify([chat('一')]).replace('"问"', `"问", ${'['.repeat(3000)}${']'.repeat(3000)}`),
  )
  expect(outline(chats[0]!)[1]).toBe('  assistant: 答')
})
