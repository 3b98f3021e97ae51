import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChatEvent } from '../../shared/contract/chats.ts'
import { chatServices } from './chats.fixture.ts'

let services: ReturnType<typeof chatServices>

beforeEach(() => {
  services = chatServices()
})
afterEach(() => services.close())

const failure = (code: string) => expect.objectContaining({ code })
const ids = (messages: { id: string }[]) => messages.map(({ id }) => id)

test('another version stands beside the message, with its attachments, and is shown', () => {
  const { chats, messageTree } = services
  const { id } = chats.create(null)
  const attachments = [{ id: 'a'.repeat(64), name: '文件.txt', sizeBytes: 3 }]
  const { question, answers } = chats.addQuestion(id, null, { text: 'q', attachments })
  expect(() => messageTree.addVersion(question.id, 'other')).toThrow(failure('CHAT_BUSY'))
  const answer = chats.saveAnswer({ ...answers[0], text: 'a', status: 'complete' })
  const edited = messageTree.addVersion(question.id, 'other')
  expect(edited).toMatchObject({ parentId: null, role: 'user', text: 'other', attachments, status: 'complete' })
  expect(chats.get(id).activeLeafId).toBe(edited.id)
  expect(messageTree.addVersion(answer.id, 'mine')).toMatchObject({ parentId: question.id, role: 'assistant' })
})

// Bug: the chat shows a path that is no longer there, or nothing at all although branches are left.
test('a deleted branch gives way to the one beside it, or to the message above', () => {
  const { chats, messageTree, turn } = services
  const { id } = chats.create(null)
  const first = turn(id, null, '1')
  const second = turn(id, first.answer.id, '2')
  const third = turn(id, second.answer.id, '3')
  const other = messageTree.addVersion(second.question.id, '2b')
  expect(messageTree.deleteBranch(other.id).activeLeafId).toBe(third.answer.id)
  expect(messageTree.deleteBranch(second.question.id).activeLeafId).toBe(first.answer.id)
  expect(ids(chats.messages(id))).toEqual([first.question.id, first.answer.id])
  expect(() => chats.getMessage(third.answer.id)).toThrow(failure('NOT_FOUND'))
  expect(messageTree.deleteBranch(first.question.id).activeLeafId).toBeNull()
  expect(chats.messages(id)).toEqual([])
})

test('deleting a branch that is not shown leaves the path', () => {
  const { chats, messageTree, turn } = services
  const { id } = chats.create(null)
  const first = turn(id, null, '1')
  const other = turn(id, null, '1b')
  expect(messageTree.deleteBranch(first.question.id).activeLeafId).toBe(other.answer.id)
})

// Bug: bringing a branch back also brings back what was deleted in it before.
test('brings back exactly what was deleted together, and shows it', async () => {
  const { chats, messageTree, turn } = services
  const { id } = chats.create(null)
  const first = turn(id, null, '1')
  const second = turn(id, first.answer.id, '2')
  const inner = turn(id, first.answer.id, '2b')
  messageTree.deleteBranch(inner.question.id)
  const before = chats.messages(id)
  messageTree.deleteBranch(first.answer.id)
  const events: ChatEvent[] = []
  const watching = (async () => {
    for await (const event of chats.watch()) {
      events.push(event)
      if (event.type === 'chat-saved') return
    }
  })()
  expect(messageTree.restoreBranch(first.answer.id).activeLeafId).toBe(second.answer.id)
  await watching
  expect(events.map(({ type }) => type)).toEqual(['chats', ...Array(3).fill('message-saved'), 'chat-saved'])
  expect(chats.messages(id)).toEqual(before)
  expect(messageTree.restoreBranch(inner.question.id).activeLeafId).toBe(inner.answer.id)
  expect(ids(chats.messages(id))).toContain(inner.answer.id)
})

// Bug: a branch comes back below a message that is gone, and no path leads to it.
test('does not bring back what hangs on a deleted message, and nothing after a start', () => {
  const { messageTree, chats, turn, restart, database } = services
  const { id } = chats.create(null)
  const first = turn(id, null, '1')
  const second = turn(id, first.answer.id, '2')
  messageTree.deleteBranch(second.question.id)
  messageTree.deleteBranch(first.answer.id)
  expect(() => messageTree.restoreBranch(second.question.id)).toThrow(failure('NOT_FOUND'))
  const next = restart()
  expect(() => next.messageTree.restoreBranch(first.answer.id)).toThrow(failure('NOT_FOUND'))
  expect(database.prepare('SELECT id FROM messages').all()).toEqual([{ id: first.question.id }])
})

test('a summary can be edited where there is one', () => {
  const { chats, messageTree, turn } = services
  const { id } = chats.create(null)
  const { answer, question } = turn(id, null, '1')
  chats.saveSummary(answer.id, { text: 'short', modelName: 'm', isEdited: false })
  const summary = { text: 'shorter', modelName: 'm', isEdited: true }
  expect(messageTree.editSummary(answer.id, 'shorter').summary).toEqual(summary)
  expect(chats.getMessage(answer.id).summary).toEqual(summary)
  expect(() => messageTree.editSummary(question.id, 'x')).toThrow(failure('NOT_FOUND'))
})

test('a copy has all but ids and what is unsent; the original stays as it is', () => {
  const { chats, messageTree, folders, turn } = services
  const folder = folders.create('f', null)
  const { id } = chats.create('model', { folderId: folder.id, presetId: 'p' })
  const first = turn(id, null, '1')
  turn(id, first.answer.id, '2')
  turn(id, first.answer.id, '2b')
  chats.saveSummary(first.answer.id, { text: 's', modelName: 'm', isEdited: true })
  chats.update(id, { systemPrompt: 'be', sampling: { seed: 1 }, contextPolicy: 'drop-oldest', draft: 'unsent', isPinned: true })
  const before = { chat: chats.get(id), messages: chats.messages(id) }

  const copy = messageTree.duplicate(id)
  const { title, systemPrompt, sampling, contextPolicy, folderId, presetId, modelId } = before.chat
  expect(copy).toMatchObject({ title, systemPrompt, sampling, contextPolicy, folderId, presetId, modelId })
  expect(copy).toMatchObject({ draft: '', pinnedAt: null })
  const copies = chats.messages(copy.id)
  const contents = (messages: typeof copies) =>
    messages.map(({ id: _, chatId: __, parentId, ...content }) => ({ ...content, depth: ids(messages).indexOf(parentId!) }))
  expect(contents(copies)).toEqual(contents(before.messages))
  expect(copies.at(-1)!.id).toBe(copy.activeLeafId)
  expect({ chat: chats.get(id), messages: chats.messages(id) }).toEqual(before)

  const fork = messageTree.duplicate(id, first.answer.id)
  expect(chats.messages(fork.id).map(({ text }) => text)).toEqual(['1', 're: 1'])
  expect(fork.activeLeafId).toBe(chats.messages(fork.id)[1]!.id)
  expect(() => messageTree.duplicate(copy.id, first.answer.id)).toThrow(failure('NOT_FOUND'))
})

// Bug: a window that loads the end first lacks the siblings it needs to show "2 of 3", or the first message's.
test('the tail is the end of the path shown with what stands beside it', () => {
  const { chats, messageTree, turn } = services
  const { id } = chats.create(null)
  const first = turn(id, null, '1')
  const beside = messageTree.addVersion(first.question.id, '1b')
  const second = turn(id, first.answer.id, '2')
  const third = turn(id, second.answer.id, '3')
  const other = messageTree.addVersion(third.answer.id, 'other')
  expect(ids(chats.messages(id, 2))).toEqual([third.question.id, third.answer.id, other.id])
  expect(ids(chats.messages(id, 100))).toEqual(ids(chats.messages(id)))
  expect(ids(chats.messages(id, 100))).toContain(beside.id)
  expect(chats.messages(chats.create(null).id, 5)).toEqual([])
})
