/** A completion chat, through the contract: what stands in it is what the model reads. */
import { join } from 'node:path'
import { safe } from '@orpc/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, startCore, temporaryFolder, testPorts, writeEndlessModel, type Client } from '../core.fixture.ts'

const folder = temporaryFolder()
let client: Client
let close: () => Promise<void>

beforeAll(async () => {
  const bundledModelPath = join(folder.path, '基座.gguf')
  writeEndlessModel(bundledModelPath)
  ;({ client, close } = await startCore(testPorts(join(folder.path, 'data'), { bundledModelPath })))
}, 60_000)
afterAll(async () => {
  await close()
  folder.remove()
})

async function newCompletion() {
  const { id } = await client.chats.create({ mode: 'completion' })
  await client.chats.update({ chatId: id, systemPrompt: 'Never said.', sampling: { temperature: 0, maxTokens: 12 } })
  return id
}

async function titleOf(chatId: string) {
  for await (const event of await client.chats.watch()) {
    if (event.type === 'chats') return event.chats.find(({ id }) => id === chatId)?.title
  }
  return undefined
}

test('a text goes on below its continuation, or sent again as a whole, and nothing is read twice', async () => {
  const chatId = await newCompletion()
  const first = await ask(client, chatId, null, '\ntadu nore')
  expect(first).toMatchObject({ status: 'complete', runCard: { template: 'none', systemPrompt: '', adapters: [] } })
  expect(await titleOf(chatId)).toBe('tadu nore')
  const read = first.runCard!.promptTokens + first.runCard!.answerTokens

  const empty = await ask(client, chatId, first.id, '')
  expect(empty.runCard).toMatchObject({ promptTokens: read, cachedTokens: read - 1 })
  const sent = `\ntadu nore${first.text}`
  const count = await client.generation.countPrompt({ chatId, parentId: null, text: sent })
  expect(count?.promptTokens).toBe(read)
  const again = await ask(client, chatId, null, sent)
  expect(again.runCard).toMatchObject({ promptTokens: read, cachedTokens: read - 1 })
  expect(again.text).toBe(empty.text)
}, 60_000)

test('only a completion takes a message without text', async () => {
  const { id: chatId } = await client.chats.create({})
  const { error } = await safe(client.generation.send({ chatId, parentId: null, text: '' }))
  expect(error).toBeTruthy()
  expect(await client.chats.messages({ chatId })).toEqual([])
})
