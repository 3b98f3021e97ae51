/** What a thread can do besides asking: compare, go on, wait in a queue, be read later. Through the contract. */
import { join } from 'node:path'
import { isDefinedError, safe } from '@orpc/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Chat } from '../../shared/contract/chats.ts'
import {
  ask,
  endOf,
  firstText,
  follow,
  startCore,
  temporaryFolder,
  testPorts,
  textOf,
  writeEndlessModel,
  type Client,
} from '../core.fixture.ts'

const folder = temporaryFolder()
let client: Client
let close: () => Promise<void>
let otherId: string

beforeAll(async () => {
  const bundledModelPath = join(folder.path, '一.gguf')
  const otherPath = join(folder.path, '二.gguf')
  writeEndlessModel(bundledModelPath)
  writeEndlessModel(otherPath, 2)
  ;({ client, close } = await startCore(testPorts(join(folder.path, 'data'), { bundledModelPath })))
  await client.settings.update({ automaticTitles: false })
  otherId = (await client.models.importFile({ path: otherPath })).id
}, 60_000)
afterAll(async () => {
  await close()
  folder.remove()
})

async function newChat(sampling = {}): Promise<string> {
  const { id: chatId } = await client.chats.create({})
  await client.chats.update({ chatId, sampling: { temperature: 0, ...sampling } })
  return chatId
}

async function chatNow(chatId: string): Promise<Chat> {
  for await (const event of await client.chats.watch()) {
    if (event.type === 'chats') return event.chats.find(({ id }) => id === chatId)!
  }
  throw new Error('no chats')
}

async function messageNow(chatId: string, messageId: string) {
  return (await client.chats.messages({ chatId })).find(({ id }) => id === messageId)!
}

// Bug: variants share a model or a value, or come in another order than they were asked for.
test('variants are siblings, each made with its own model and values, one after the other', async () => {
  const chatId = await newChat({ maxTokens: 4 })
  await client.chats.update({ chatId, systemPrompt: 'Be {{model}}.' })
  const variants = [
    { modelId: otherId },
    { sampling: { maxTokens: 2 } },
    { systemPrompt: 'Count.', sampling: { maxTokens: 300 } },
  ]
  const sent = await client.generation.send({ chatId, parentId: null, text: 'tadu', variants })
  expect(await chatNow(chatId)).toMatchObject({ activeLeafId: sent.answerIds[0] })
  const { error } = await safe(client.generation.send({ chatId, parentId: null, text: 'x' }))
  expect(isDefinedError(error) && error.code).toBe('CHAT_BUSY')
  const events = await Promise.all(sent.answerIds.map((answerId) => follow(client, answerId)))
  const answers = events.map(endOf)
  expect(answers.map(({ status, parentId }) => [status, parentId])).toEqual(
    Array.from({ length: 3 }, () => ['complete', sent.userMessageId]),
  )
  const cards = answers.map(({ runCard }) => runCard!)
  const made = cards.map(({ model, answerTokens, systemPrompt }) => [model.id === otherId, answerTokens, systemPrompt])
  expect(made).toEqual([
    [true, 4, 'Be Random llama.'],
    [false, 2, 'Be Random llama.'],
    [false, 300, 'Count.'],
  ])
  for (const later of events.slice(1)) expect(later[0]).toEqual({ type: 'phase', phase: { phase: 'waiting' } })
  expect(await messageNow(chatId, sent.userMessageId)).toMatchObject({ isCompared: true })
}, 60_000)

// Bug: one that is stopped or fails takes the others with it, or stopping the chat leaves the later ones running.
test('stopping a variant goes on with the next; stopping the chat stops all', async () => {
  const chatId = await newChat()
  const bad = { sampling: { answerFormat: { type: 'grammar' as const, source: 'root ::=' } } }
  const variants = [{}, bad, { sampling: { maxTokens: 3 } }]
  const first = await client.generation.send({ chatId, parentId: null, text: 'tadu', variants })
  await firstText(client, first.answerIds[0]!)
  await client.generation.stop({ answerId: first.answerIds[0]! })
  const statuses = await Promise.all(first.answerIds.map(async (id) => endOf(await follow(client, id)).status))
  expect(statuses).toEqual(['stopped', 'failed', 'complete'])

  const again = await client.generation.regenerate({ userMessageId: first.userMessageId, variants: [{}, {}, {}] })
  await firstText(client, again.answerIds[0]!)
  await client.generation.stop({ answerId: again.answerIds[2]! })
  expect(endOf(await follow(client, again.answerIds[2]!)).status).toBe('stopped')
  expect((await messageNow(chatId, again.answerIds[0]!)).status).toBe('running')
  await client.chats.trash({ chatIds: [chatId] })
  await client.chats.restore({ chatIds: [chatId] })
  const all = await client.chats.messages({ chatId })
  const stopped = all.filter(({ id, status }) => again.answerIds.includes(id) && status === 'stopped')
  expect(stopped).toHaveLength(3)
}, 60_000)

// Bug: the text before is lost, sent twice, or read as a message of its own.
test('an answer that was cut goes on where it ended, as if it had never been', async () => {
  const chatId = await newChat({ maxTokens: 20 })
  const whole = await ask(client, chatId, null, 'tadu nore')
  await client.chats.update({ chatId, sampling: { temperature: 0, maxTokens: 12 } })
  const again = await client.generation.regenerate({ userMessageId: whole.parentId! })
  const half = endOf(await follow(client, again.answerIds[0]!))
  expect(whole.text.startsWith(half.text)).toBe(true)
  await client.chats.update({ chatId, sampling: { temperature: 0, maxTokens: 8 } })
  const { answerIds } = await client.generation.continueAnswer({ answerId: half.id })
  expect(answerIds).toEqual([half.id])
  const events = await follow(client, half.id)
  const continued = endOf(events)
  expect(continued.text).toBe(whole.text)
  expect(textOf(events)).toBe(whole.text)
  expect(continued.runCard).toMatchObject({ givenCharacters: half.text.length, answerTokens: 8 })
  expect(continued.runCard!.promptTokens).toBe(half.runCard!.promptTokens + 12)

  const start = half.text.slice(0, 10)
  const branch = await client.generation.continueAnswer({ answerId: half.id, text: start })
  const sibling = endOf(await follow(client, branch.answerIds[0]!))
  expect(sibling).toMatchObject({ parentId: half.parentId, runCard: { givenCharacters: 10, answerTokens: 8 } })
  expect(sibling.text.startsWith(start)).toBe(true)
  const inspected = (await client.generation.inspectPrompt({ of: 'answer', answerId: sibling.id }))!
  expect(inspected.parts.at(-1)).toMatchObject({ kind: 'answer', messageId: sibling.id })
  expect(inspected.promptTokens).toBe(sibling.runCard!.promptTokens)
}, 60_000)

test('a completion goes on inside the same text', async () => {
  const { id: chatId } = await client.chats.create({ mode: 'completion' })
  await client.chats.update({ chatId, sampling: { temperature: 0, maxTokens: 6 } })
  const first = await ask(client, chatId, null, 'tadu nore')
  await client.generation.continueAnswer({ answerId: first.id })
  const continued = endOf(await follow(client, first.id))
  expect(continued.text.startsWith(first.text)).toBe(true)
  expect(continued.runCard).toMatchObject({ answerTokens: 6, givenCharacters: first.text.length })
})

// Bug: a message that waited is lost, sent twice, or sent although the person stopped the answer before it.
test('what waits is sent when the answer is complete, and stays after a stop', async () => {
  const chatId = await newChat({ maxTokens: 100 })
  const queue = ['one', 'two'].map((text) => ({ id: text, text, attachments: [] }))
  const { answerIds } = await client.generation.send({ chatId, parentId: null, text: 'tadu' })
  await client.chats.update({ chatId, queue })
  await follow(client, answerIds[0]!)
  await expect.poll(async () => (await chatNow(chatId)).queue, { timeout: 20_000 }).toEqual([])
  const texts = async () => {
    const messages = await client.chats.messages({ chatId })
    return messages.filter(({ role }) => role === 'user').map(({ text }) => text)
  }
  expect(await texts()).toEqual(['tadu', 'one', 'two'])
  const last = (await client.chats.messages({ chatId })).at(-1)!
  const path = (await client.chats.messages({ chatId })).map(({ id, parentId }) => [id, parentId])
  expect(path.slice(1).map(([, parentId]) => parentId)).toEqual(path.slice(0, -1).map(([id]) => id))
  await follow(client, last.id)

  await client.chats.update({ chatId, sampling: {}, queue: queue.map((one) => ({ ...one, id: `${one.id}-2` })) })
  const stopped = await client.generation.regenerate({ userMessageId: last.parentId! })
  await firstText(client, stopped.answerIds[0]!)
  await client.generation.stop({ answerId: stopped.answerIds[0]! })
  await follow(client, stopped.answerIds[0]!)
  expect((await chatNow(chatId)).queue).toHaveLength(2)
  expect(await texts()).toHaveLength(3)
}, 60_000)

test('an answer that ended while nobody watched marks its chat as unread', async () => {
  const chatId = await newChat({ maxTokens: 30 })
  const { answerIds } = await client.generation.send({ chatId, parentId: null, text: 'tadu' })
  await expect.poll(async () => (await messageNow(chatId, answerIds[0]!)).status, { timeout: 20_000 }).toBe('complete')
  expect((await chatNow(chatId)).isUnread).toBe(true)
  await client.chats.update({ chatId, isUnread: false })
  await ask(client, chatId, answerIds[0]!, 'tadu')
  expect((await chatNow(chatId)).isUnread).toBe(false)
})

test('values come from the preset, the folder and the model where the chat says none', async () => {
  const preset = await client.presets.create({ name: 'p', systemPrompt: null, sampling: { topK: 7 } })
  const { id: folderId } = await client.folders.create({ name: '项目' })
  await client.folders.update({ folderId, systemPrompt: 'In {{language}}.', sampling: { topK: 3, maxTokens: 2 } })
  await client.settings.update({ language: 'zh' })
  const { id: chatId } = await client.chats.create({ folderId, presetId: preset.id })
  const { runCard } = await ask(client, chatId, null, 'tadu')
  expect(runCard).toMatchObject({ systemPrompt: 'In 中文.', sampling: { topK: 7, maxTokens: 2, topP: 0.9 } })
})

test('attachments are read before the text, and counted apart', async () => {
  const chatId = await newChat({ maxTokens: 2 })
  const attachment = await client.attachments.add({ name: '说 明.txt', text: 'tadu nore '.repeat(20) })
  const unsent = { chatId, parentId: null, text: 'nore', attachments: [attachment] }
  const { parts } = (await client.generation.countPrompt(unsent))!
  expect(parts.attachment).toBeGreaterThan(40)
  const { answerIds } = await client.generation.send(unsent)
  const answer = endOf(await follow(client, answerIds[0]!))
  const inspected = (await client.generation.inspectPrompt({ of: 'answer', answerId: answer.id }))!
  const part = inspected.parts.find(({ kind }) => kind === 'attachment')!
  expect(part).toMatchObject({ messageId: answer.parentId })
  expect(part.tokens).toHaveLength(parts.attachment!)
})

test('counts a text, and shows the tokens of an answer with their probabilities', async () => {
  const chatId = await newChat({ maxTokens: 5 })
  expect(await client.generation.countText({ chatId, text: 'tadu nore' })).toBeGreaterThan(0)
  const answer = await ask(client, chatId, null, 'tadu')
  const tokens = await client.generation.answerTokens({ answerId: answer.id })
  expect(tokens).toHaveLength(5)
  expect(tokens.map(({ text }) => text).join('')).toContain(answer.text)
  // Greedy: each token is the likeliest.
  for (const { text, choices } of tokens) expect(choices[0]!.text).toBe(text)
})

// Bug: looking for a title throws away what the cache holds of the chat, and the next turn reads it all again.
test('naming a chat leaves its prompt in the cache', async () => {
  const chatId = await newChat({ maxTokens: 20 })
  const first = (await ask(client, chatId, null, 'tadu nore '.repeat(30))).runCard!
  expect(await client.generation.nameChat({ chatId })).toBe((await chatNow(chatId)).title)
  const { activeLeafId } = await chatNow(chatId)
  const second = (await ask(client, chatId, activeLeafId, 'tadu')).runCard!
  expect(second.cachedTokens).toBeGreaterThanOrEqual(first.promptTokens + first.answerTokens - 1)
})

// Bug: a branch that was deleted while its message was looked at gets an answer that nobody can see.
test('what is sent or asked for again under a deleted message is refused', async () => {
  const chatId = await newChat({ maxTokens: 2 })
  const answer = await ask(client, chatId, null, 'tadu')
  await client.chats.deleteBranch({ messageId: answer.parentId! })
  const calls = [
    client.generation.send({ chatId, parentId: answer.id, text: 'x' }),
    client.generation.regenerate({ userMessageId: answer.parentId! }),
    client.generation.continueAnswer({ answerId: answer.id }),
  ]
  for (const call of calls) {
    const { error } = await safe(call)
    expect(isDefinedError(error) && error.code).toBe('NOT_FOUND')
  }
})

// Bug: a message with a grammar that cannot be used is saved, and its answer fails for good.
test('a message is refused before it is saved if its answer format cannot be used', async () => {
  const chatId = await newChat({ answerFormat: { type: 'grammar', source: 'root ::= nothing' } })
  const { error } = await safe(client.generation.send({ chatId, parentId: null, text: 'hello' }))
  expect(isDefinedError(error) && error.code).toBe('GRAMMAR_INVALID')
  expect(await client.chats.messages({ chatId })).toEqual([])
})
