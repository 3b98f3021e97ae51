/** Export, import, backup and restore on a whole core, as a window calls them. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Chat, Message } from '../../shared/contract/chats.ts'
import type { ImportPreview, ImportResult, MadeFile } from '../../shared/contract/interchange.ts'
import { pieceBytes } from '../../shared/lib/file-pieces.ts'
import { startCore, temporaryFolder, testPorts } from '../core.fixture.ts'
import type { Client } from '../core.fixture.ts'
import { englishWords } from './interchange.fixture.ts'

let folder: ReturnType<typeof temporaryFolder>
let core: { client: Client; close: () => Promise<void> }

beforeEach(async () => {
  folder = temporaryFolder()
  core = await startCore(testPorts(folder.path))
})
afterEach(async () => {
  await core.close()
  folder.remove()
})

async function fetchFile(client: Client, file: MadeFile): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Blob[] = []
  for (let offset = 0; offset < file.sizeBytes; offset += pieceBytes) {
    pieces.push(await client.interchange.read({ fileId: file.fileId, offset }))
  }
  await client.interchange.close({ fileId: file.fileId })
  return new Blob(pieces).bytes()
}

async function made(events: AsyncIterable<{ type: string; file?: MadeFile }>): Promise<MadeFile> {
  for await (const event of events) if (event.file) return event.file
  throw new Error('no file')
}

async function look(
  client: Client,
  content: string | Uint8Array<ArrayBuffer>,
): Promise<{ fileId: string; preview: ImportPreview }> {
  const bytes = new Blob([content])
  const { fileId } = await client.interchange.open({ name: 'file', sizeBytes: bytes.size })
  for (let at = 0; at < bytes.size; at += pieceBytes)
    await client.interchange.write({ fileId, bytes: bytes.slice(at, at + pieceBytes) })
  for await (const event of await client.interchange.preview({ fileId })) {
    if (event.type === 'preview') return { fileId, preview: event.preview }
  }
  throw new Error('no preview')
}

async function take(client: Client, fileId: string, present: 'skip' | 'copy' = 'skip'): Promise<ImportResult> {
  for await (const event of await client.interchange.import({ fileId, present }))
    if (event.type === 'result') return event.result
  throw new Error('no result')
}

const conversation = (id: string, answers: string[]) => ({
  title: id,
  conversation_id: id,
  create_time: 1_700_000_000,
  current_node: `${id}-0`,
  mapping: Object.fromEntries([
    [
      'q',
      {
        id: 'q',
        parent: null,
        children: answers.map((_, index) => `${id}-${index}`),
        message: { author: { role: 'user' }, content: { parts: [`问 ${id}`] } },
      },
    ],
    ...answers.map((text, index) => [
      `${id}-${index}`,
      {
        id: `${id}-${index}`,
        parent: 'q',
        children: [],
        message: { author: { role: 'assistant' }, content: { parts: [text] } },
      },
    ]),
  ]),
})

const importChats = async (...ids: string[]) => {
  const { fileId } = await look(core.client, JSON.stringify(ids.map((id) => conversation(id, ['甲', '乙']))))
  return take(core.client, fileId)
}

async function chatsOf(client: Client): Promise<Chat[]> {
  for await (const event of await client.chats.watch()) if (event.type === 'chats') return event.chats
  throw new Error('no chats')
}

const textsOf = (messages: Message[]) => messages.map(({ text }) => text)

// Bug: the same file imported twice is there twice, or what the person changed meanwhile is overwritten.
test('what is here already is noticed, left out, or copied by choice; search finds what came in', async () => {
  const { client } = core
  expect(await importChats('one', 'two')).toMatchObject({ addedChats: 2, addedMessages: 6, skippedChats: 0 })
  const { fileId, preview } = await look(
    client,
    JSON.stringify(['one', 'two', 'three'].map((id) => conversation(id, ['甲', '乙']))),
  )
  expect(preview.items.map(({ state }) => state)).toEqual(['present', 'present', 'new'])
  expect(await take(client, fileId)).toMatchObject({ addedChats: 1, skippedChats: 2 })
  expect(await take(client, fileId, 'copy')).toMatchObject({ addedChats: 3, skippedChats: 0 })
  expect(await chatsOf(client)).toHaveLength(6)
  await expect.poll(async () => (await client.search.find({ query: '问 three' })).hits.length).toBe(2)
})

test('a chat that was deleted comes in again, beside the one in the trash', async () => {
  const { client } = core
  const { firstChatId } = await importChats('one')
  await client.chats.trash({ chatIds: [firstChatId!] })
  expect(await importChats('one')).toMatchObject({ addedChats: 1 })
  expect(await importChats('one')).toMatchObject({ addedChats: 0, skippedChats: 1 })
  expect(await client.chats.restore({ chatIds: [firstChatId!] })).toHaveLength(1)
  expect(await chatsOf(client)).toHaveLength(2)
})

// Bug: a restore loses messages that were written after the backup, or brings only part of what was in it.
test('a backup brings everything to an empty app, and merges where there is something', async () => {
  const { client } = core
  const parent = await client.folders.create({ name: '工作', parentId: null })
  const child = await client.folders.create({ name: '里面', parentId: parent.id })
  await client.folders.update({ folderId: child.id, systemPrompt: '说中文' })
  const preset = await client.presets.create({ name: '短', systemPrompt: '短些', sampling: { temperature: 0.5 } })
  await client.settings.update({ theme: 'dark' })
  await importChats('one', 'two', 'three')
  const chats = await chatsOf(client)
  const [one, two, three] = ['one', 'two', 'three'].map((title) => chats.find((chat) => chat.title === title)!)
  await client.chats.move({ chatIds: [one!.id], folderId: child.id })
  await client.chats.update({ chatId: one!.id, presetId: preset.id })
  const attachment = await client.attachments.add({ name: '附件.txt', text: '附件的内容' })
  await client.chats.update({ chatId: two!.id, draft: '半句', draftAttachments: [attachment] })
  await client.chats.trash({ chatIds: [three!.id] })
  const file = await made(await client.interchange.backup())
  expect(file).toMatchObject({ chatCount: 3, mediaType: 'application/zip' })
  const backup = await fetchFile(client, file)

  const otherFolder = temporaryFolder()
  const other = await startCore(testPorts(otherFolder.path))
  const empty = await look(other.client, backup)
  expect(empty.preview).toMatchObject({
    format: 'yangtuo-backup',
    problems: [],
    counts: { new: 3, folders: 2, presets: 1, attachments: 1, messages: 9 },
  })
  expect(await take(other.client, empty.fileId)).toMatchObject({ addedChats: 3, addedFolders: 2, addedPresets: 1 })
  const restored = await chatsOf(other.client)
  expect(restored.map(({ title }) => title).toSorted()).toEqual(['one', 'two'])
  expect(restored.find(({ id }) => id === one!.id)).toMatchObject({ folderId: child.id, presetId: preset.id })
  expect(restored.find(({ id }) => id === two!.id)).toMatchObject({ draft: '半句', draftAttachments: [attachment] })
  expect(await other.client.attachments.read({ attachmentId: attachment.id })).toBe('附件的内容')
  expect((await other.client.chats.trashed()).map(({ title }) => title)).toEqual(['three'])
  expect((await other.client.settings.get()).theme).toBe('dark')
  expect(await other.client.chats.messages({ chatId: one!.id })).toEqual(
    await client.chats.messages({ chatId: one!.id }),
  )
  await other.close()
  otherFolder.remove()

  // Here: a message more in one chat, a branch fewer in another, which is in the trash now.
  const leaf = (await client.chats.messages({ chatId: one!.id })).at(-1)!
  const added = await client.chats.addVersion({ messageId: leaf.id, text: '丙' })
  await client.chats.trash({ chatIds: [two!.id] })
  const again = await look(client, backup)
  expect(again.preview.counts).toMatchObject({ new: 0, changed: 1, same: 2 })
  expect(await take(client, again.fileId)).toMatchObject({ addedChats: 0, changedChats: 1, addedMessages: 0 })
  expect(textsOf(await client.chats.messages({ chatId: one!.id }))).toEqual(['问 one', '甲', '乙', '丙'])
  expect((await chatsOf(client)).find(({ id }) => id === one!.id)!.activeLeafId).toBe(added.id)
  expect((await chatsOf(client)).map(({ title }) => title)).toContain('two')
}, 60_000)

test('a folder goes out as JSON and comes back with the folders below it', async () => {
  const { client } = core
  const parent = await client.folders.create({ name: '甲', parentId: null })
  const child = await client.folders.create({ name: '乙', parentId: parent.id })
  await importChats('one')
  const [chat] = await chatsOf(client)
  await client.chats.move({ chatIds: [chat!.id], folderId: child.id })
  const input = { of: { folderId: parent.id }, allBranches: true, words: englishWords }
  const file = await made(await client.interchange.export({ ...input, format: 'json' }))
  expect(file.name).toBe('one.json')
  const json = new TextDecoder().decode(await fetchFile(client, file))
  const otherFolder = temporaryFolder()
  const other = await startCore(testPorts(otherFolder.path))
  expect(await take(other.client, (await look(other.client, json)).fileId)).toMatchObject({
    addedChats: 1,
    addedFolders: 2,
  })
  expect((await chatsOf(other.client))[0]).toMatchObject({ id: chat!.id, folderId: child.id })
  await other.close()
  otherFolder.remove()

  const { firstChatId } = await importChats('two')
  await client.chats.move({ chatIds: [firstChatId!], folderId: parent.id })
  const zip = await made(await client.interchange.export({ ...input, format: 'markdown' }))
  expect(zip.name).toBe('甲.zip')
  const { preview } = await look(client, await fetchFile(client, zip))
  expect(preview).toMatchObject({ format: 'yangtuo-markdown', counts: { new: 2, folders: 2 } })
})

// Bug: ids from a file decide what is overwritten; a made-up file takes over messages of another chat.
test('a file with ids of messages that are here gets ids of its own', async () => {
  const { client } = core
  const { firstChatId } = await importChats('one')
  const before = await client.chats.messages({ chatId: firstChatId! })
  const file = JSON.stringify({
    format: 'yangtuo-chats',
    version: 1,
    chats: [{ id: 'made-up', title: 'x', messages: [{ id: before[0]!.id, role: 'user', text: 'mine now' }] }],
  })
  const result = await take(client, (await look(client, file)).fileId)
  expect(result).toMatchObject({ addedChats: 1, firstChatId: 'made-up' })
  expect(await client.chats.messages({ chatId: firstChatId! })).toEqual(before)
  expect(textsOf(await client.chats.messages({ chatId: 'made-up' }))).toEqual(['mine now'])
})

test('a file that cannot be read says why; leaving an export leaves nothing', async () => {
  const { client } = core
  await expect(look(client, 'hello')).rejects.toMatchObject({
    code: 'IMPORT_UNREADABLE',
    data: { name: 'file', reason: 'unknown' },
    defined: true,
  })
  await expect(client.interchange.read({ fileId: 'x', offset: 0 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const input = { of: { chatIds: ['nowhere'] }, format: 'html' as const, allBranches: false, words: englishWords }
  await expect(client.interchange.export(input).then(made)).rejects.toMatchObject({ code: 'NOT_FOUND', defined: true })
  await importChats('one')
  const abort = new AbortController()
  const events = await client.interchange.backup(undefined, { signal: abort.signal })
  await events.next()
  abort.abort()
  const transfers = join(folder.path, 'transfers')
  // Of the two imports above, their files are still there until they are closed.
  await expect.poll(() => readdirSync(transfers).length, { timeout: 10_000 }).toBe(2)
})
