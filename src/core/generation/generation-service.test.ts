import { join } from 'node:path'
import { isDefinedError, safe } from '@orpc/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunEvent } from '../../shared/contract/generation.ts'
import {
  ask,
  endlessContextSize,
  endOf,
  firstText,
  follow,
  loadReaches,
  silentLog,
  startCore,
  startEngine,
  temporaryFolder,
  testPorts,
  textOf,
  writeEndlessModel,
  type Client,
} from '../core.fixture.ts'
import { ChatsRepository } from '../chats/chats-repository.ts'
import { ChatsService, saveIntervalMs } from '../chats/chats-service.ts'
import { openDatabase } from '../database/open-database.ts'
import type { EngineProcess } from '../engine/engine-starter.ts'
import { Inspector } from '../engine/inspector.ts'
import { ModelLibrary } from '../models/model-library.ts'
import { ModelsRepository } from '../models/models-repository.ts'
import { ModelsService } from '../models/models-service.ts'
import { SettingsRepository } from '../settings/settings-repository.ts'
import { SettingsService } from '../settings/settings-service.ts'
import { GenerationService } from './generation-service.ts'

const folder = temporaryFolder()
const endlessPath = join(folder.path, 'endless.gguf')
const tooLong = 'word '.repeat(endlessContextSize)
const engines: EngineProcess[] = []
let client: Client
let close: () => Promise<void>
let endlessId: string

beforeAll(async () => {
  writeEndlessModel(endlessPath)
  const ports = testPorts(join(folder.path, 'data'), {
    bundledModelPath: endlessPath,
    startEngine: () => {
      const engine = startEngine()
      engines.push(engine)
      return engine
    },
  })
  ;({ client, close } = await startCore(ports))
  // What looks for a title takes a turn of the model, too.
  await client.settings.update({ automaticTitles: false })
  const { id: chatId } = await client.chats.create({})
  await client.chats.update({ chatId, sampling: { maxTokens: 1 } })
  endlessId = (await ask(client, chatId, null, 'hello')).runCard!.model.id
}, 60_000)
afterAll(async () => {
  await close()
  folder.remove()
})

async function newChat(sampling = {}): Promise<string> {
  const { id: chatId } = await client.chats.create({})
  await client.chats.update({ chatId, sampling })
  return chatId
}

async function start(chatId: string, parentId: string | null = null) {
  const { userMessageId, answerIds } = await client.generation.send({ chatId, parentId, text: 'tell me everything' })
  return { userMessageId, answerId: answerIds[0]! }
}

test('fills in the run card', async () => {
  const chatId = await newChat({ maxTokens: 8, seed: 7, temperature: 0.5 })
  await client.chats.update({ chatId, systemPrompt: 'Be brief.' })
  const answer = await ask(client, chatId, null, 'hello')
  expect(answer).toMatchObject({ status: 'complete', failure: null })
  expect(answer.runCard).toMatchObject({
    model: { id: endlessId, name: 'Random llama', fileName: 'endless.gguf', architecture: 'llama' },
    systemPrompt: 'Be brief.',
    sampling: { maxTokens: 8, seed: 7, temperature: 0.5, topK: 40 },
    contextSize: endlessContextSize,
    answerTokens: 8,
    stopReason: 'max-tokens',
  })
  expect(answer.runCard!.promptTokens).toBeGreaterThan(0)
  expect(answer.runCard!.timeToFirstTokenMs).toBeGreaterThan(0)
  expect(answer.runCard!.tokensPerSecond).toBeGreaterThan(0)
  expect(await client.chats.messages({ chatId })).toContainEqual(answer)
})

// Bug: a second viewer, or one that comes back, sees a gap, a repetition, or another end.
test('viewers that come late or come back see the same answer', async () => {
  const { answerId } = await start(await newChat({ maxTokens: 200 }))
  const early = follow(client, answerId)
  const text = await firstText(client, answerId)
  const late = follow(client, answerId, text.length)
  const message = endOf(await early)
  expect(textOf(await early)).toBe(message.text)
  const lateEvents = await late
  expect(endOf(lateEvents)).toEqual(message)
  expect(message.text.slice(0, text.length) + joined(lateEvents)).toBe(message.text)
  expect(joined(await follow(client, answerId))).toBe(message.text)
})

function joined(events: RunEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('')
}

test('answers of one model wait for one another, in order', async () => {
  const chats = [await newChat({ maxTokens: 300 }), await newChat({ maxTokens: 5 }), await newChat({ maxTokens: 5 })]
  const finished: number[] = []
  const views: Promise<RunEvent[]>[] = []
  for (const [index, chatId] of chats.entries()) {
    const { answerId } = await start(chatId)
    const view = follow(client, answerId)
    void view.then(() => finished.push(index))
    views.push(view)
  }
  const events = await Promise.all(views)
  expect(finished).toEqual([0, 1, 2])
  expect(events[0]).not.toContainEqual({ type: 'phase', phase: { phase: 'waiting' } })
  for (const waiting of events.slice(1)) expect(waiting[0]).toEqual({ type: 'phase', phase: { phase: 'waiting' } })
})

test('stopping keeps the text, and is quick; stopping again is no error', async () => {
  const { answerId } = await start(await newChat())
  const view = follow(client, answerId)
  await firstText(client, answerId)
  const stoppedAt = performance.now()
  await client.generation.stop({ answerId })
  const message = endOf(await view)
  expect(performance.now() - stoppedAt).toBeLessThan(1_000) // 250 ms on a quiet machine
  expect(message).toMatchObject({ status: 'stopped', failure: null, runCard: { stopReason: 'stopped' } })
  expect(message.text).not.toBe('')
  await client.generation.stop({ answerId })
})

// Bug: a stopped answer that waits for its turn takes the turn with it, and no later answer ever starts.
test('an answer can be stopped while it waits, and the next ones still get their turn', async () => {
  const chats = [await newChat(), await newChat(), await newChat({ maxTokens: 3 })]
  const [first, second, third] = [await start(chats[0]!), await start(chats[1]!), await start(chats[2]!)]
  await client.generation.stop({ answerId: second.answerId })
  expect(endOf(await follow(client, second.answerId))).toMatchObject({ status: 'stopped', text: '', runCard: null })
  await client.generation.stop({ answerId: first.answerId })
  expect(endOf(await follow(client, third.answerId)).status).toBe('complete')
})

test('a chat that is being answered takes no second question', async () => {
  const chatId = await newChat()
  const { answerId, userMessageId } = await start(chatId)
  const [sent, regenerated] = [await safe(start(chatId)), await safe(client.generation.regenerate({ userMessageId }))]
  for (const { error } of [sent, regenerated]) {
    expect(isDefinedError(error) && error).toMatchObject({ code: 'CHAT_BUSY', data: { chatId } })
  }
  await client.generation.stop({ answerId })
  await follow(client, answerId)
  const again = await client.generation.regenerate({ userMessageId })
  await client.generation.stop({ answerId: again.answerIds[0]! })
  expect(endOf(await follow(client, again.answerIds[0]!)).parentId).toBe(userMessageId)
})

// Bug: an answer under a message of another chat, or a question under a question.
test('refuses a parent that is not an answer of the chat', async () => {
  const chatId = await newChat({ maxTokens: 1 })
  const other = await newChat({ maxTokens: 1 })
  const question = (await ask(client, other, null, 'x')).parentId!
  const answer = (await client.chats.messages({ chatId: other })).at(-1)!
  for (const [chat, parentId] of [[chatId, answer.id], [other, question], [chatId, 'nowhere']] as const) {
    const { error } = await safe(client.generation.send({ chatId: chat, parentId, text: 'y' }))
    expect(isDefinedError(error) && error).toMatchObject({ code: 'NOT_FOUND', data: { what: 'message', id: parentId } })
  }
  const { error } = await safe(client.generation.regenerate({ userMessageId: answer.id }))
  expect(isDefinedError(error) && error.code).toBe('NOT_FOUND')
  expect(await client.chats.messages({ chatId })).toEqual([])
})

test('refuses a prompt longer than the context before anything is saved, with the counts', async () => {
  const chatId = await newChat()
  const { error } = await safe(client.generation.send({ chatId, parentId: null, text: tooLong }))
  expect(isDefinedError(error) && error).toMatchObject({
    code: 'PROMPT_TOO_LONG',
    data: { contextSize: endlessContextSize },
  })
  expect(await client.chats.messages({ chatId })).toEqual([])
  const count = await client.generation.countPrompt({ chatId, parentId: null, text: tooLong })
  expect(count).toMatchObject(error && 'data' in error ? error.data : {})
  // The chat is free again.
  await client.chats.update({ chatId, sampling: { maxTokens: 1 } })
  expect((await ask(client, chatId, null, 'short')).status).toBe('complete')
})

test('a chat goes to the trash when its running answer is saved', async () => {
  const chatId = await newChat()
  const { answerId } = await start(chatId)
  const text = await firstText(client, answerId)
  await client.chats.trash({ chatIds: [chatId] })
  await client.chats.restore({ chatIds: [chatId] })
  const answer = (await client.chats.messages({ chatId })).at(-1)!
  expect(answer.status).toBe('stopped')
  expect(answer.text.startsWith(text)).toBe(true)
})

// Bug: a dead engine leaves an answer running for ever, loses its text, or takes the next message with it.
test('an engine that dies interrupts its answer; the text stays and the next message works', async () => {
  const chatId = await newChat()
  const { answerId } = await start(chatId)
  const view = follow(client, answerId)
  const text = await firstText(client, answerId)
  for (const engine of engines) engine.kill()
  const message = endOf(await view)
  const failure = { code: 'ENGINE_CRASHED', data: { reason: 'SIGKILL' } }
  expect(message).toMatchObject({ status: 'interrupted', failure })
  expect(message.text.startsWith(text)).toBe(true)
  await client.chats.update({ chatId, sampling: { maxTokens: 2 } })
  const { answerId: nextId } = await start(chatId, answerId)
  const events = await follow(client, nextId)
  expect(endOf(events)).toMatchObject({ status: 'complete', runCard: { answerTokens: 2 } })
  expect(events.some((event) => event.type === 'phase' && event.phase.phase === 'loading')).toBe(true)
})

test('a model that is not loaded is loaded by the question; a failure to load ends up in the answer', async () => {
  const chatId = await newChat({ maxTokens: 2 })
  await client.models.unload({ modelId: endlessId })
  expect(await client.generation.countPrompt({ chatId, parentId: null, text: 'x' })).toBeNull()
  const { answerId } = await start(chatId)
  const events = await follow(client, answerId)
  expect(events[0]).toMatchObject({ type: 'phase', phase: { phase: 'loading' } })
  expect(endOf(events).status).toBe('complete')

  await client.models.unload({ modelId: endlessId })
  const long = await client.generation.send({ chatId, parentId: answerId, text: tooLong })
  const failed = endOf(await follow(client, long.answerIds[0]!))
  expect(failed).toMatchObject({ status: 'failed', text: '', failure: { code: 'PROMPT_TOO_LONG' } })

  await client.models.unload({ modelId: endlessId })
  const { answerId: cancelledId } = await start(chatId, answerId)
  const view = follow(client, cancelledId)
  await loadReaches(client, endlessId, 'loading')
  await client.models.cancelLoad({ modelId: endlessId })
  expect(endOf(await view)).toMatchObject({ status: 'failed', failure: { code: 'LOAD_CANCELLED' } })
})

// Bug: a full disk ends the run, or cuts the text that viewers see.
test('an answer goes on through a full disk', async () => {
  const data = temporaryFolder()
  const database = openDatabase(join(data.path, 'test.db'))
  const settings = new SettingsService(new SettingsRepository(database))
  const chats = new ChatsService(new ChatsRepository(database), data.path, silentLog)
  const ports = testPorts(data.path, { bundledModelPath: endlessPath })
  const inspector = new Inspector(startEngine, silentLog)
  const models = new ModelsService(new ModelLibrary(new ModelsRepository(database), inspector), settings, ports, [])
  await models.start()
  const generation = new GenerationService({
    chats,
    models,
    log: silentLog,
    getSettings: () => settings.get(),
    listPresets: () => [],
    listFolders: () => [],
    readAttachment: () => '',
  })

  const { id: chatId } = chats.create(null)
  const { answerIds } = await generation.send(chatId, null, { text: 'hello' })
  const answerId = answerIds[0]!
  const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number }
  database.exec(`PRAGMA max_page_count = ${pages}`)
  const events: RunEvent[] = []
  const view = (async () => {
    for await (const event of generation.attach(answerId, 0)) events.push(event)
  })()
  await expect
    .poll(() => chats.getMessage(answerId), { timeout: 15_000 })
    .toMatchObject({ status: 'running', failure: { code: 'DISK_FULL' } })
  database.exec('PRAGMA max_page_count = 1000000')
  await expect.poll(() => chats.getMessage(answerId).failure, { timeout: saveIntervalMs * 2 }).toBeNull()
  await generation.stopChat(chatId)
  await view
  expect(endOf(events).status).toBe('stopped')
  expect(endOf(events)).toEqual(chats.getMessage(answerId))
  expect(textOf(events)).toBe(endOf(events).text)
  await generation.close()
  await models.close()
  await inspector.close()
  chats.close()
  database.close()
  data.remove()
}, 40_000)
