/** The whole process is killed while it answers: what was acknowledged is there at the next start, once. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Chat, ChatEvent, Message } from '../../shared/contract/chats.ts'
import { startCore, temporaryFolder, testPorts, writeEndlessModel } from '../core.fixture.ts'

const folder = temporaryFolder()
const bundledModelPath = join(folder.path, '模 型.gguf')

beforeAll(() => writeEndlessModel(bundledModelPath))
afterAll(() => folder.remove())

/** Runs `script` in a core of its own (`client`, `print`), kills it when it prints, and returns what it printed. */
async function killWhenItPrints(dataDirectory: string, script: string): Promise<string> {
  const fixture = JSON.stringify(resolve('src/core/core.fixture.ts'))
  const whole = `
    const { ask, firstText, follow, startCore, testPorts } = await import(${fixture})
    const ports = testPorts(${JSON.stringify(dataDirectory)}, ${JSON.stringify({ bundledModelPath })})
    const { client } = await startCore(ports)
    await client.settings.update({ automaticTitles: false })
    ${script}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', whole], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  child.kill('SIGKILL')
  await once(child, 'exit')
  return value as string
}

async function reopen(dataDirectory: string, chatId: string): Promise<{ chat: Chat; messages: Message[] }> {
  const { client, close } = await startCore(testPorts(dataDirectory, { bundledModelPath }))
  const { value } = (await client.chats.watch().then((events) => events.next())) as IteratorResult<ChatEvent, void>
  const messages = await client.chats.messages({ chatId })
  await close()
  const chats: Chat[] = value?.type === 'chats' ? value.chats : []
  return { chat: chats.find(({ id }) => id === chatId)!, messages }
}

// Bug: variants that waited are lost, or wait for ever; what an answer that went on had before is lost.
test('all variants are there, interrupted, and so is an answer that went on', async () => {
  const data = join(folder.path, 'variants')
  const printed = await killWhenItPrints(
    data,
    `
    const { id: chatId } = await client.chats.create({})
    await client.chats.update({ chatId, sampling: { maxTokens: 5 } })
    const first = await ask(client, chatId, null, 'tadu')
    await client.chats.update({ chatId, sampling: {} })
    const sent = await client.generation.send({ chatId, parentId: first.id, text: 'nore', variants: [{}, {}, {}] })
    await firstText(client, sent.answerIds[0])
    for (const answerId of sent.answerIds) await client.generation.stop({ answerId })
    for (const answerId of sent.answerIds) await follow(client, answerId)
    await client.generation.continueAnswer({ answerId: first.id })
    const again = await client.generation.send({ chatId, parentId: null, text: 'x' }).catch(({ code }) => code)
    const { id: otherId } = await client.chats.create({})
    const waiting = await client.generation.send({ chatId: otherId, parentId: null, text: 'y', variants: [{}, {}] })
    console.log(JSON.stringify({ chatId, otherId, again, first, answerIds: waiting.answerIds }))`,
  )
  const { chatId, otherId, again, first, answerIds } = JSON.parse(printed)
  expect(again).toBe('CHAT_BUSY')
  const { messages } = await reopen(data, chatId)
  const continued = messages.find(({ id }) => id === first.id)!
  expect(continued.status).toBe('interrupted')
  expect(continued.text.startsWith(first.text)).toBe(true)
  expect(continued.runCard).toEqual(first.runCard)
  const other = await reopen(data, otherId)
  expect(other.messages.slice(1).map(({ id, status }) => [id, status])).toEqual(
    answerIds.map((id: string) => [id, 'interrupted']),
  )
}, 60_000)

// Bug: a message is taken out of the queue in one step and added in another, and a crash falls between the two.
test('each message that waited is either in the queue or in the thread, once', async () => {
  const data = join(folder.path, 'queue')
  const count = 60
  const chatId = await killWhenItPrints(
    data,
    `
    const { id: chatId } = await client.chats.create({})
    await client.chats.update({ chatId, sampling: { maxTokens: 1 } })
    const texts = Array.from({ length: ${count} }, (_, index) => 'q' + index)
    const queue = texts.map((text) => ({ id: text, text, attachments: [] }))
    await client.chats.update({ chatId, queue })
    await ask(client, chatId, null, 'tadu')
    for (;;) {
      const messages = await client.chats.messages({ chatId })
      if (messages.length > ${count / 2}) break
    }
    console.log(chatId)`,
  )
  const { chat, messages } = await reopen(data, chatId)
  const asked = messages.filter(({ role }) => role === 'user').map(({ text }) => text)
  expect(asked.length).toBeGreaterThan(10)
  const expected = Array.from({ length: count }, (_, index) => `q${index}`)
  expect([...asked.slice(1), ...chat.queue.map(({ text }) => text)]).toEqual(expected)
}, 60_000)
