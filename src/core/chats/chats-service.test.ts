import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChatEvent } from '../../shared/contract/chats.ts'
import { silentLog, temporaryFolder } from '../core.fixture.ts'
import { openDatabase, type Database } from '../database/open-database.ts'
import { ChatsRepository } from './chats-repository.ts'
import { ChatsService, saveIntervalMs } from './chats-service.ts'

let folder: ReturnType<typeof temporaryFolder>
let database: Database
let chats: ChatsService

const newService = () => new ChatsService(new ChatsRepository(database), folder.path, silentLog)
const notFound = (what: string) =>
  expect.objectContaining({ code: 'NOT_FOUND', data: expect.objectContaining({ what }) })

beforeEach(() => {
  folder = temporaryFolder()
  database = openDatabase(join(folder.path, 'test.db'))
  chats = newService()
})
afterEach(() => {
  chats.close()
  database.close()
  folder.remove()
})

function collect(): ChatEvent[] {
  const events: ChatEvent[] = []
  void (async () => {
    for await (const event of chats.watch()) events.push(event)
  })()
  return events
}

test('a chat survives a restart with all its fields', () => {
  const { id } = chats.create('model')
  const { answers: [answer] } = chats.addQuestion(id, null, { text: 'line\u0000 羊驼 👨‍👩‍👧 \n' })
  chats.saveAnswer({ ...answer, text: 'yes', status: 'complete' })
  const edits = { systemPrompt: 's', sampling: { seed: 4294967295, maxTokens: null }, draft: 'd', modelId: null }
  chats.update(id, edits)
  const chat = chats.get(id)
  const messages = chats.messages(id)
  expect(chat).toMatchObject(edits)
  expect(messages.map(({ text }) => text)).toEqual(['line\u0000 羊驼 👨‍👩‍👧 \n', 'yes'])
  expect(newService().get(id)).toEqual(chat)
  expect(newService().messages(id)).toEqual(messages)
})

// Bug: an answer of a killed app shows as running for ever, or loses its text.
test('answers left running become interrupted at the next start and keep their text', () => {
  const { id } = chats.create(null)
  const { answers: [answer] } = chats.addQuestion(id, null, { text: 'q' })
  chats.saveAnswer({ ...answer, text: 'half an ans' })
  expect(newService().getMessage(answer.id)).toEqual({ ...answer, text: 'half an ans', status: 'interrupted' })
})

test('the title follows the first message until a person names the chat', () => {
  const { id, title } = chats.create(null)
  expect(title).toBe('')
  const { answers: [answer] } = chats.addQuestion(id, null, { text: 'First\nmore' })
  expect(chats.get(id)).toMatchObject({ title: 'First', titleSource: 'first-message' })
  chats.addQuestion(id, answer.id, { text: 'Second' })
  expect(chats.get(id).title).toBe('First')
  chats.addQuestion(id, null, { text: 'First, edited' })
  expect(chats.get(id).title).toBe('First, edited')
  chats.update(id, { title: ' Mine ' })
  chats.update(id, { title: '  ' })
  chats.addQuestion(id, null, { text: 'Other' })
  expect(chats.get(id)).toMatchObject({ title: 'Mine', titleSource: 'person' })
})

test('branches stay apart, and the new leaf is the active one', () => {
  const { id } = chats.create(null)
  const first = chats.addQuestion(id, null, { text: 'a' })
  const second = chats.addQuestion(id, first.answers[0].id, { text: 'b' })
  const edited = chats.addQuestion(id, first.answers[0].id, { text: 'b2' })
  const again = chats.addAnswers(second.question, [''])[0]
  expect(chats.get(id).activeLeafId).toBe(again.id)
  const ids = (messageId: string) => chats.path(messageId).map((message) => message.id)
  expect(ids(edited.answers[0].id)).toEqual([first.question.id, first.answers[0].id, edited.question.id, edited.answers[0].id])
  expect(ids(again.id)).toEqual([first.question.id, first.answers[0].id, second.question.id, again.id])
})

// Bug: a chat shows a path of another chat.
test('refuses an active leaf of another chat', () => {
  const mine = chats.create(null)
  const other = chats.addQuestion(chats.create(null).id, null, { text: 'x' })
  expect(() => chats.update(mine.id, { activeLeafId: other.answers[0].id })).toThrow(notFound('message'))
  expect(chats.get(mine.id).activeLeafId).toBeNull()
})

// Bug: typing a draft moves its chat to the top of the list at every pause.
test('only a new message moves a chat up', async () => {
  const older = chats.create(null)
  await sleep(2)
  const newer = chats.create(null)
  const order = async () => {
    const first = (await chats.watch().next()).value as Extract<ChatEvent, { type: 'chats' }>
    return first.chats.map(({ id }) => id)
  }
  chats.update(older.id, { draft: 'typing', title: 'named' })
  expect(await order()).toEqual([newer.id, older.id])
  await sleep(2)
  chats.addQuestion(older.id, null, { text: 'q' })
  expect(await order()).toEqual([older.id, newer.id])
})

// Bug: a full disk loses an answer, marks it complete although it is not on disk, or leaves it failed for ever.
test('keeps an answer through a full disk and saves it when there is room', async () => {
  const { id } = chats.create(null)
  const { answers: [answer] } = chats.addQuestion(id, null, { text: 'q' })
  const events = collect()
  const saved = () => events.filter((event) => event.type === 'message-saved').map(({ message }) => message)
  const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number }
  database.exec(`PRAGMA max_page_count = ${pages}`)

  const long = 'x'.repeat(200_000)
  const failure = { code: 'DISK_FULL', data: { path: folder.path } }
  expect(chats.saveAnswer({ ...answer, text: long })).toMatchObject({ status: 'running', failure })
  chats.saveAnswer({ ...answer, text: `${long}y` })
  const whole = { ...answer, text: `${long}yz`, status: 'complete' } as const
  expect(chats.saveAnswer(whole)).toMatchObject({ status: 'failed', failure })
  expect(chats.messages(id).at(-1)).toMatchObject({ text: whole.text, failure })
  expect(() => chats.addQuestion(id, answer.id, { text: long })).toThrow(expect.objectContaining({ errcode: 13 }))
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })

  database.exec('PRAGMA max_page_count = 1000000')
  await expect.poll(() => saved().at(-1), { timeout: saveIntervalMs + 2_000 }).toEqual(whole)
  expect(newService().getMessage(answer.id)).toEqual(whole)
  // Told once each: that it cannot be saved while it grows, when it ended, and that it is safe.
  expect(saved().map(({ status, failure }) => [status, failure?.code])).toEqual([
    ['running', 'DISK_FULL'],
    ['failed', 'DISK_FULL'],
    ['complete', undefined],
  ])
})

// Bug: a window that still shows what waited writes it back when it was just sent, and it is sent again.
test('a message that waited leaves the queue when it is added, and cannot come back', () => {
  const { id } = chats.create(null)
  const queue = ['a', 'b'].map((text) => ({ id: text, text, attachments: [] }))
  chats.update(id, { queue })
  chats.addQuestion(id, null, { text: 'a', queuedId: 'a' })
  expect(newService().get(id).queue).toEqual(queue.slice(1))
  expect(chats.update(id, { queue }).queue).toEqual(queue.slice(1))
  expect(chats.update(id, { draft: 'd' }).queue).toEqual(queue.slice(1))
})
