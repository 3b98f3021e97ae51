import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { isDefinedError, type ORPCError, safe } from '@orpc/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChatEvent } from '../shared/contract/chats.ts'
import {
  ask,
  demoModelPath,
  endOf,
  firstText,
  follow,
  startCore,
  temporaryFolder,
  testPorts,
  writeEndlessModel,
} from './core.fixture.ts'
import { DatabaseUnusableError } from './database/database-error.ts'
import type { Log } from './ports.ts'

let folder: ReturnType<typeof temporaryFolder>
let dataDirectory: string

beforeEach(() => {
  folder = temporaryFolder()
  dataDirectory = join(folder.path, 'data')
})
afterEach(() => folder.remove())

test('the first start answers with the demo model; the conversation is there after a restart', async () => {
  const first = await startCore(testPorts(dataDirectory))
  const { id: chatId } = await first.client.chats.create({})
  const hello = await ask(first.client, chatId, null, '你好')
  expect(hello).toMatchObject({
    status: 'complete',
    runCard: { stopReason: 'end', model: { fileName: 'yangtuo-demo.gguf' } },
  })
  await ask(first.client, chatId, hello.id, '谢谢')
  const before = await first.client.chats.messages({ chatId })
  await first.close()

  const second = await startCore(testPorts(dataDirectory))
  expect(await second.client.chats.messages({ chatId })).toEqual(before)
  await second.close()
})

test('tells a client of everything that happens, after the state it starts with', async () => {
  const { client, close } = await startCore(testPorts(dataDirectory))
  const { id: chatId } = await client.chats.create({})
  const events: ChatEvent[] = []
  for await (const event of await client.chats.watch()) {
    events.push(event)
    if (event.type === 'chats') await client.chats.update({ chatId, title: 'named' })
    if (event.type === 'chat-saved') await client.chats.trash({ chatIds: [chatId] })
    if (event.type === 'chat-trashed') break
  }
  expect(events.map(({ type }) => type)).toEqual(['chats', 'chat-saved', 'chat-trashed'])
  await close()
})

// Bug: a person sees "something unexpected happened" for a failure that has a sentence of its own.
test('a failure reaches the client as a defined error with its data', async () => {
  const { client, close } = await startCore(testPorts(dataDirectory))
  const path = join(folder.path, 'nowhere.gguf')
  for (const [call, expected] of [
    [() => client.chats.messages({ chatId: 'x' }), { code: 'NOT_FOUND', data: { what: 'chat', id: 'x' } }],
    [() => client.models.importFile({ path }), { code: 'FILE_MISSING', data: { path } }],
    [() => client.models.importFile({ path: folder.path }), { code: 'FILE_IS_FOLDER', data: { path: folder.path } }],
    [() => client.models.pickFile(), { code: 'UNSUPPORTED', data: {} }],
  ] as const) {
    const { error } = await safe<unknown, Error>(call())
    expect(isDefinedError(error)).toBe(true)
    expect(error).toMatchObject(expected)
  }
  await close()
})

// Bug: a stack or a path of the machine goes over the wire, or the log has nothing to find the defect by.
test('an unexpected error reaches the client as an id, and the log in full', async () => {
  const lines: { text: string; details?: Record<string, unknown> }[] = []
  const write = (text: string, details?: Record<string, unknown>) => void lines.push({ text, details })
  const log: Log = { info() {}, warn() {}, error: write }
  const openModelDialog = () => Promise.reject(new Error('secret detail'))
  const { client, close } = await startCore(testPorts(dataDirectory, { log, openModelDialog }))
  const { error } = await safe(client.models.pickFile())
  expect(error).toMatchObject({ code: 'INTERNAL', defined: false })
  expect(JSON.stringify(error)).not.toContain('secret')
  const { logId } = (error as unknown as ORPCError<'INTERNAL', { logId: string }>).data
  const line = lines.find(({ details }) => details?.logId === logId)
  expect(line?.details).toEqual({ logId, call: 'models.pickFile', error: expect.stringContaining('secret detail') })
  const { error: refused } = await safe(client.chats.messages({ chatId: 1 as never }))
  expect(refused).toMatchObject({ code: 'BAD_REQUEST' })
  await close()
})

test('a second host on the same data folder is refused', async () => {
  const { close } = await startCore(testPorts(dataDirectory))
  await expect(startCore(testPorts(dataDirectory))).rejects.toThrow(DatabaseUnusableError)
  await close()
})

test('closing interrupts a running answer and keeps its text', async () => {
  const bundledModelPath = join(folder.path, 'endless.gguf')
  writeEndlessModel(bundledModelPath)
  const first = await startCore(testPorts(dataDirectory, { bundledModelPath }))
  const { id: chatId } = await first.client.chats.create({})
  const { answerIds } = await first.client.generation.send({ chatId, parentId: null, text: 'go on' })
  const answerId = answerIds[0]!
  const view = follow(first.client, answerId)
  const text = await firstText(first.client, answerId)
  await first.close()
  const message = endOf(await view)
  expect(message.status).toBe('interrupted')
  expect(message.text.startsWith(text)).toBe(true)

  const second = await startCore(testPorts(dataDirectory))
  expect((await second.client.chats.messages({ chatId })).at(-1)).toEqual(message)
  await second.close()
})

// Bug: `send` returns before the message is on disk, so a kill of the app loses what was shown as sent.
test('what was sent is there after a kill of the app, with the answer up to the last seconds', async () => {
  const bundledModelPath = join(folder.path, 'endless.gguf')
  writeEndlessModel(bundledModelPath)
  const fixture = JSON.stringify(resolve('src/core/core.fixture.ts'))
  const script = `
    const { startCore, testPorts } = await import(${fixture})
    const ports = testPorts(${JSON.stringify(dataDirectory)}, ${JSON.stringify({ bundledModelPath })})
    const { client } = await startCore(ports)
    const { id: chatId } = await client.chats.create({})
    const sent = await client.generation.send({ chatId, parentId: null, text: 'question' })
    console.log(JSON.stringify({ chatId, ...sent }))
    const begin = Date.now()
    let text = ''
    for await (const event of await client.generation.attach({ answerId: sent.answerIds[0], offset: 0 })) {
      if (event.type === 'text') text += event.text
      if (event.type === 'text' && Date.now() - begin > 4500) break
    }
    console.log(JSON.stringify({ length: text.length }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { chatId, userMessageId, answerIds } = JSON.parse((await lines.next()).value!)
  const { length } = JSON.parse((await lines.next()).value!)
  child.kill('SIGKILL')
  await once(child, 'exit')

  const { client, close } = await startCore(testPorts(dataDirectory))
  const [question, answer] = await client.chats.messages({ chatId })
  expect(question).toMatchObject({ id: userMessageId, text: 'question', status: 'complete' })
  expect(answer).toMatchObject({ id: answerIds[0], status: 'interrupted', failure: null })
  expect(answer!.text.length).toBeGreaterThan(length / 3)
  expect((await client.chats.watch().then((events) => events.next())).value).toMatchObject({
    chats: [{ id: chatId, title: 'question', activeLeafId: answerIds[0] }],
  })
  await close()
})

// Bug: the app does not open because its demo model is missing.
test('starts without the bundled model, and says NO_MODEL', async () => {
  const bundledModelPath = join(folder.path, 'missing.gguf')
  const { client, close } = await startCore(testPorts(dataDirectory, { bundledModelPath }))
  const { id: chatId } = await client.chats.create({})
  const { error } = await safe(client.generation.send({ chatId, parentId: null, text: 'hi' }))
  expect(isDefinedError(error) && error.code).toBe('NO_MODEL')
  await client.models.importFile({ path: demoModelPath })
  const [model] = await models(client)
  await client.models.load({ modelId: model!.id })
  expect((await ask(client, chatId, null, '你好')).status).toBe('complete')
  await close()
})

async function models(client: Awaited<ReturnType<typeof startCore>>['client']) {
  for await (const event of await client.models.watch()) if (event.type === 'models') return event.models
  return []
}
