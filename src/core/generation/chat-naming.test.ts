/**
 * How chats get their titles. The engine is a real one, but for the requests to name a chat: the models at hand
 * would find no title, so the test answers those itself.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Chat } from '../../shared/contract/chats.ts'
import type { EngineEvent, EngineRequest, GenerateResult } from '../../shared/engine/messages.ts'
import {
  ask,
  endOf,
  follow,
  startCore,
  startEngine,
  temporaryFolder,
  testPorts,
  writeEndlessModel,
  type Client,
} from '../core.fixture.ts'
import type { EngineProcess } from '../engine/engine-starter.ts'

const folder = temporaryFolder()
let client: Client
let close: () => Promise<void>
/** What the model writes for a title; null = it writes until it is stopped. */
let title: string | null = null
let namings = 0

beforeAll(async () => {
  const bundledModelPath = join(folder.path, '命名.gguf')
  writeEndlessModel(bundledModelPath)
  const ports = { bundledModelPath, startEngine: () => namingEngine(startEngine()) }
  ;({ client, close } = await startCore(testPorts(join(folder.path, 'data'), ports)))
}, 60_000)
afterAll(async () => {
  await close()
  folder.remove()
})
beforeEach(() => {
  title = 'Tea in the hills'
  namings = 0
})

function namingEngine(engine: EngineProcess): EngineProcess {
  let receive: (event: EngineEvent) => void = () => {}
  const open = new Set<number>()
  const end = (id: number, stopReason: GenerateResult['stopReason']) => {
    open.delete(id)
    receive({ type: 'result', id, value: { stopReason } })
  }
  return {
    ...engine,
    send(request: EngineRequest) {
      if (request.type === 'stop' && open.has(request.id)) return end(request.id, 'stopped')
      if (!isNaming(request)) return engine.send(request)
      namings++
      open.add(request.id)
      if (title === null) return
      receive({ type: 'text', id: request.id, answerTokens: 1, text: title })
      end(request.id, 'end')
    },
    onEvent(listener) {
      receive = listener
      engine.onEvent(listener)
    },
  }
}

function isNaming(request: EngineRequest): boolean {
  if (request.type !== 'call' || request.name !== 'generate' || !('messages' in request.input.prompt)) return false
  return request.input.prompt.messages.at(-1)!.text.startsWith('Write a short title')
}

async function newChat(): Promise<string> {
  const { id: chatId } = await client.chats.create({})
  await client.chats.update({ chatId, sampling: { maxTokens: 3 } })
  return chatId
}

async function chatNow(chatId: string): Promise<Chat> {
  for await (const event of await client.chats.watch()) {
    if (event.type === 'chats') return event.chats.find(({ id }) => id === chatId)!
  }
  throw new Error('no chats')
}

test('a chat is named by its model after the first answer, and once', async () => {
  const chatId = await newChat()
  const answer = await ask(client, chatId, null, 'tadu nore')
  const named = { title: 'Tea in the hills', titleSource: 'model' }
  await expect.poll(() => chatNow(chatId)).toMatchObject(named)
  title = 'Another one'
  await ask(client, chatId, answer.id, 'tadu')
  await sleep(100)
  expect(await chatNow(chatId)).toMatchObject(named)
  expect(await client.generation.nameChat({ chatId })).toBe('Another one')
})

// Bug: what a person typed while the model looked for a title is overwritten, or a nonsensical one is taken.
test('a title by a person stays, and so does the first message where the model finds none', async () => {
  const mine = await newChat()
  title = null
  await ask(client, mine, null, 'tadu nore')
  await expect.poll(() => namings).toBe(1)
  await client.chats.update({ chatId: mine, title: 'Mine' })
  const other = await newChat()
  title = 'tadu'
  await ask(client, other, null, 'tadu')
  await expect.poll(() => namings).toBeGreaterThan(1)
  await sleep(100)
  expect(await chatNow(mine)).toMatchObject({ title: 'Mine', titleSource: 'person' })
  expect(await chatNow(other)).toMatchObject({ title: 'tadu', titleSource: 'first-message' })
  expect(await client.generation.nameChat({ chatId: other })).toBe('tadu')
})

// Bug: the next message waits until the model has found a title, or the chat is never named.
test('naming gives way to a message at once, and comes back when all is quiet', async () => {
  const chatId = await newChat()
  title = null
  const answer = await ask(client, chatId, null, 'tadu nore')
  await expect.poll(() => namings).toBe(1)
  title = 'Tea in the hills'
  const { answerIds } = await client.generation.send({ chatId, parentId: answer.id, text: 'nore' })
  expect(endOf(await follow(client, answerIds[0]!)).status).toBe('complete')
  await expect.poll(() => chatNow(chatId)).toMatchObject({ title: 'Tea in the hills', titleSource: 'model' })
})

test('is left alone where the settings say so', async () => {
  await client.settings.update({ automaticTitles: false })
  const chatId = await newChat()
  await ask(client, chatId, null, 'tadu nore')
  await sleep(100)
  expect([namings, (await chatNow(chatId)).titleSource]).toEqual([0, 'first-message'])
})
