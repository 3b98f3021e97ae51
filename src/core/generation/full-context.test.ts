/** Chats that outgrow their context, through the contract and with a real engine. */
import { join } from 'node:path'
import { isDefinedError, safe } from '@orpc/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RANDOM_MODEL_PRESETS, writeRandomModel } from '../../../build/gguf/random-model.ts'
import type { Message, RunCard } from '../../shared/contract/chats.ts'
import { ask, endOf, follow, startCore, temporaryFolder, testPorts, type Client } from '../core.fixture.ts'

const contextSize = 1024
const folder = temporaryFolder()
let client: Client
let close: () => Promise<void>

beforeAll(async () => {
  const bundledModelPath = join(folder.path, '小 窗　口.gguf')
  writeRandomModel(bundledModelPath, { ...RANDOM_MODEL_PRESETS.tiny, context: contextSize, seed: 3 })
  ;({ client, close } = await startCore(testPorts(join(folder.path, 'data'), { bundledModelPath })))
  await client.settings.update({ automaticTitles: false })
}, 60_000)
afterAll(async () => {
  await close()
  folder.remove()
})

async function newChat(contextPolicy: 'stop' | 'drop-oldest' | 'drop-middle' | 'summarise'): Promise<string> {
  const { id: chatId } = await client.chats.create({})
  await client.chats.update({ chatId, contextPolicy, systemPrompt: 'Be kind.', sampling: { maxTokens: 24, seed: 1 } })
  return chatId
}

async function askMany(chatId: string, count: number, parentId: string | null = null): Promise<Message[]> {
  const answers: Message[] = []
  for (let turn = 0; turn < count; turn++) {
    const parent: string | null = answers.at(-1)?.id ?? parentId
    answers.push(await ask(client, chatId, parent, `tadu nore ${turn}`))
  }
  return answers
}

function cutId({ cut }: RunCard): string | null {
  return cut && `${cut.fromMessageId} ${cut.toMessageId}`
}

// Bug: once a chat is full, each turn cuts anew, and nearly all of every prompt is read again.
test.each(['drop-oldest', 'drop-middle', 'summarise'] as const)(
  'a full chat cuts rarely, and its other turns are read from the cache: %s',
  async (policy) => {
    const chatId = await newChat(policy)
    const answers = await askMany(chatId, 50)
    const cards = answers.map(({ runCard }) => runCard!)
    const firstCut = cards.findIndex(({ cut }) => cut !== null)
    expect(firstCut).toBeGreaterThan(3)
    const full = cards.slice(firstCut)
    expect(full.every(({ cut }) => cut?.policy === policy)).toBe(true)
    const isNew = full.map((card, index) => index === 0 || cutId(card) !== cutId(full[index - 1]!))
    const cutCount = isNew.filter(Boolean).length
    expect(full.length / cutCount).toBeGreaterThanOrEqual(5)
    for (const [index, { promptTokens, cachedTokens }] of full.entries()) {
      expect(promptTokens + 24).toBeLessThan(contextSize)
      // What is new is the question and what the template writes round it.
      if (!isNew[index]) expect(promptTokens - cachedTokens).toBeLessThan(60)
    }
    const messages = await client.chats.messages({ chatId })
    const first = messages[0]!.id
    for (const { cut } of full) {
      expect(cut!.fromMessageId === first).toBe(policy !== 'drop-middle')
      expect(cut!.hasSummary).toBe(policy === 'summarise')
    }
    const summarised = messages.filter(({ summary }) => summary !== null)
    expect(summarised).toHaveLength(policy === 'summarise' ? cutCount : 0)
  },
  120_000,
)

// Bug: the window shows other numbers than the engine has, or says nothing of what is left out.
test('shows what will be left out before it is sent, and what was, of the answer', async () => {
  const chatId = await newChat('drop-oldest')
  const answers = await askMany(chatId, 25)
  const parentId = answers.at(-1)!.id
  const next = { chatId, parentId, text: 'tadu' }
  const count = (await client.generation.countPrompt(next))!
  const { promptTokens, parts, cut, reservedTokens } = count
  expect(Object.values(parts).reduce((sum, tokens) => sum + tokens, 0)).toBe(promptTokens)
  expect(parts).toMatchObject({ system: expect.any(Number), history: expect.any(Number), message: expect.any(Number) })
  expect(cut).toMatchObject({ policy: 'drop-oldest', hasSummary: false })
  expect(cut!.wholeTokens).toBeGreaterThan(contextSize - reservedTokens)
  expect(promptTokens).toBeLessThanOrEqual(contextSize - reservedTokens)

  const inspected = (await client.generation.inspectPrompt({ of: 'next', ...next }))!
  expect(inspected.parts.flatMap(({ tokens }) => tokens)).toHaveLength(promptTokens)
  expect(inspected.parts.reduce((sum, part) => sum + part.cachedTokens, 0)).toBe(inspected.cachedTokens)

  const sent = await ask(client, chatId, parentId, 'tadu')
  expect(sent.runCard).toMatchObject({ promptTokens })
  expect(sent.runCard!.cut).toEqual({ ...cut, wholeTokens: undefined })
  const past = (await client.generation.inspectPrompt({ of: 'answer', answerId: sent.id }))!
  expect(past).toMatchObject({ promptTokens, cachedTokens: sent.runCard!.cachedTokens, cut })
  const texts = (view: typeof past) => view.parts.flatMap(({ tokens }) => tokens.map(({ id }) => id))
  expect(texts(past)).toEqual(texts(inspected))
  expect(past.parts.find(({ kind }) => kind === 'message')?.messageId).toBe(sent.parentId)
}, 120_000)

test('stops at a full context if that is the policy, before anything is saved', async () => {
  const chatId = await newChat('stop')
  let answers: Message[] = []
  let refused: unknown = null
  while (!refused) {
    const parentId: string | null = answers.at(-1)?.id ?? null
    const sent = await safe(client.generation.send({ chatId, parentId, text: 'tadu nore' }))
    if (sent.error) refused = sent.error
    else answers = [...answers, endOf(await follow(client, sent.data.answerIds[0]!))]
  }
  expect(refused).toMatchObject({ code: 'PROMPT_TOO_LONG', data: { contextSize, reservedTokens: 24 } })
  expect(answers.every(({ runCard }) => runCard!.cut === null)).toBe(true)
  expect(await client.chats.messages({ chatId })).toHaveLength(answers.length * 2)
  // Another policy lets it go on.
  await client.chats.update({ chatId, contextPolicy: 'drop-oldest' })
  expect((await ask(client, chatId, answers.at(-1)!.id, 'tadu nore')).runCard!.cut).toMatchObject({ hasSummary: false })
}, 60_000)

// Bug: what a person wrote into a summary is lost at the next cut, or does not reach the model.
test('a summary that a person changed is used as it stands, and given to the next one', async () => {
  const chatId = await newChat('summarise')
  const answers: Message[] = []
  const askNext = async () => answers.push(await ask(client, chatId, answers.at(-1)?.id ?? null, 'tadu nore'))
  while (!answers.at(-1)?.runCard!.cut) await askNext()
  const { toMessageId } = answers.at(-1)!.runCard!.cut!
  const summary = (await client.chats.messages({ chatId })).find(({ id }) => id === toMessageId)!.summary!
  expect(summary).toMatchObject({ isEdited: false, modelName: 'Random llama' })
  await client.chats.editSummary({ messageId: toMessageId, text: 'Mira lives in Bern.' })
  await askNext()
  const inspected = (await client.generation.inspectPrompt({ of: 'answer', answerId: answers.at(-1)!.id }))!
  const part = inspected.parts.find(({ kind }) => kind === 'summary')!
  expect(part.messageId).toBe(toMessageId)
  expect(part.tokens.map(({ text }) => text).join('').replaceAll('▁', ' ')).toContain('Mira lives in Bern.')
}, 120_000)

test('a chat that is too long for one summary is summarised piece by piece', async () => {
  const chatId = await newChat('stop')
  let parentId: string | null = null
  await client.chats.update({ chatId, sampling: { maxTokens: 1 } })
  for (let turn = 0; turn < 8; turn++) {
    const sent = await client.generation.send({ chatId, parentId, text: 'tadu nore '.repeat(60) })
    parentId = endOf(await follow(client, sent.answerIds[0]!)).id
    if (turn === 0) await client.chats.update({ chatId, contextPolicy: 'drop-oldest' })
  }
  await client.chats.update({ chatId, contextPolicy: 'summarise' })
  const { answerIds } = await client.generation.send({ chatId, parentId, text: 'tadu' })
  const events = await follow(client, answerIds[0]!)
  expect(events).toContainEqual({ type: 'phase', phase: { phase: 'summarising' } })
  expect(endOf(events)).toMatchObject({ status: 'complete', runCard: { cut: { hasSummary: true } } })
}, 120_000)

test('a message that is too long by itself is refused whatever the policy', async () => {
  for (const policy of ['drop-oldest', 'drop-middle', 'summarise'] as const) {
    const chatId = await newChat(policy)
    const { error } = await safe(client.generation.send({ chatId, parentId: null, text: 'tadu '.repeat(contextSize) }))
    expect(isDefinedError(error) && error.code).toBe('PROMPT_TOO_LONG')
    expect(await client.chats.messages({ chatId })).toEqual([])
  }
})
