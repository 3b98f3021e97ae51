/** The KV states of chats, kept between real engine processes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PromptMessage, SavedState, StatePlace } from '../../shared/engine/messages.ts'
import { EngineSupervisor } from './engine-supervisor.ts'
import { ask, loadRequest, randomModel, silentLog, startEngine } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼 states　'))
const saved: SavedState[] = []
let keys = ['key']
let maxBytes = Infinity
const supervisor = new EngineSupervisor({
  modelName: '试验',
  starter: startEngine,
  log: silentLog,
  states: {
    async placeOf(chatId): Promise<StatePlace> {
      const path = join(folder, `${chatId}.state`)
      return { chatId, path, keys, isSaved: existsSync(path), maxBytes }
    },
    saved: (state) => void saved.push(state),
  },
})
let model: string

beforeAll(() => {
  model = randomModel(join(folder, 'model.gguf'))
})
beforeEach(() => supervisor.load(loadRequest(model)))
afterEach(async () => {
  await supervisor.unload()
  for (const { path } of saved.splice(0)) rmSync(path, { force: true })
  keys = ['key']
  maxBytes = Infinity
})
afterAll(() => rmSync(folder, { recursive: true }))

const question = 'tadu nore sita '.repeat(200)

/** An answer of a few tokens; greedy. */
async function answer(chatId: string | undefined, history: PromptMessage[], text: string) {
  let answerText = ''
  const request = ask(text, history, { maxTokens: 12 })
  const result = await supervisor.generate(request, { chatId, onText: (piece) => (answerText += piece) })
  const turn: PromptMessage[] = [...history, { role: 'user', text }, { role: 'assistant', text: answerText }]
  return { result, text: answerText, turn }
}

async function restart(): Promise<void> {
  await supervisor.unload()
  await supervisor.load(loadRequest(model))
}

// A tokenizer that no longer knows how the model cut its answer, or a file that is not found, and all is read again.
test('after a restart the next turn reads only what is new, and goes on word for word', async () => {
  const first = await answer('chat', [], question)
  const undisturbed = await answer('chat', first.turn, 'tadu')
  await supervisor.unload()
  rmSync(saved.splice(0)[0]!.path)
  await supervisor.load(loadRequest(model))
  await answer('chat', [], question)
  await restart()
  expect(saved).toMatchObject([{ chatId: 'chat', key: 'key', tokens: expect.any(Number) }])
  const next = await answer('chat', first.turn, 'tadu')
  expect(next.result.cachedTokens).toBe(undisturbed.result.cachedTokens)
  expect(next.text).toBe(undisturbed.text)
})

// The only slot is taken by another chat, such as one that is opened for a short question.
test('a chat whose slot another one took comes back from its file', async () => {
  const first = await answer('chat', [], question)
  await answer('other', [], 'nore '.repeat(300))
  expect(saved).toMatchObject([{ chatId: 'chat' }])
  const next = await answer('chat', first.turn, 'tadu')
  expect(next.result.cachedTokens).toBe(first.result.promptTokens + first.result.answerTokens)
  expect(saved.map(({ chatId }) => chatId)).toEqual(['chat', 'other'])
})

// A run that is no chat's (a title, a summary) must not be saved as the chat's state.
test('what is answered for no chat is not kept, and takes nothing from the file', async () => {
  const first = await answer('chat', [], question)
  await answer(undefined, [], 'nore '.repeat(300))
  await restart()
  expect(saved).toMatchObject([{ chatId: 'chat' }])
  const next = await answer('chat', first.turn, 'tadu')
  expect(next.result.cachedTokens).toBe(first.result.promptTokens + first.result.answerTokens)
})

// Each would be writing gigabytes for nothing.
test('short chats, states without room, and what the file has already are not saved', async () => {
  await answer('short', [], 'tadu')
  await restart()
  maxBytes = 1000
  const first = await answer('chat', [], question)
  await restart()
  expect(saved).toEqual([])
  maxBytes = Infinity
  await answer('chat', [], question)
  await restart()
  expect(saved).toHaveLength(1)
  await answer('chat', first.turn, 'tadu')
  await restart()
  expect(saved).toHaveLength(1)
})

// llama.cpp aborts the process, or computes nonsense, on a state that is not what it expects.
describe('a file that', () => {
  async function savedState() {
    const first = await answer('chat', [], question)
    await supervisor.unload()
    const { path } = saved[0]!
    return { first, path, bytes: readFileSync(path) }
  }

  async function expectIgnored(first: Awaited<ReturnType<typeof answer>>) {
    await supervisor.load(loadRequest(model))
    const next = await answer('chat', first.turn, 'tadu')
    expect(next.result.cachedTokens).toBe(0)
    expect(next.result.answerTokens).toBe(12)
  }

  test.each([
    ['is cut', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['is empty', () => Buffer.alloc(0)],
    ['is foreign', () => Buffer.from('GGUF and nothing of ours'.repeat(1000))],
    [
      'has lost a bit',
      (bytes: Buffer) => {
        bytes[40_000]! ^= 1
        return bytes
      },
    ],
  ])('%s is deleted, and the prompt read', async (_, damage) => {
    const { first, path, bytes } = await savedState()
    writeFileSync(path, damage(bytes))
    await expectIgnored(first)
    expect(existsSync(path)).toBe(false)
  })

  test('is of another model or other settings is left alone', async () => {
    const { first, path } = await savedState()
    keys = ['another key']
    await expectIgnored(first)
    expect(existsSync(path)).toBe(true)
  })

  test('was written before its model had a hash is found by its second key', async () => {
    const { first } = await savedState()
    keys = ['hash key', 'key']
    await supervisor.load(loadRequest(model))
    expect((await answer('chat', first.turn, 'tadu')).result.cachedTokens).toBeGreaterThan(500)
  })

  test('has no end is not ours, even if the cut is where the tokens end', async () => {
    const { first, path, bytes } = await savedState()
    truncateSync(path, bytes.length - 16)
    await expectIgnored(first)
  })
})

// After a cut the chat's prompt is new from the system prompt on; the turns after that must not be read again each time.
test('after the oldest turns were dropped, the next turns find theirs in the cache', async () => {
  const system: PromptMessage = { role: 'system', text: 'sita '.repeat(100) }
  let turns: PromptMessage[] = []
  for (let turn = 0; turn < 4; turn++) {
    turns = (await answer('chat', [system, ...turns], `tadu ${turn} `.repeat(40))).turn.slice(1)
  }
  const systemTokens = (await supervisor.countPrompt({ messages: [system, { role: 'user', text: '' }] }))!.segments.find(
    ({ messageIndex }) => messageIndex === 0,
  )!.tokenCount
  const kept = turns.slice(4)
  const cut = await answer('chat', [system, ...kept], 'nore')
  expect(cut.result.cachedTokens).toBeGreaterThanOrEqual(systemTokens)
  expect(cut.result.cachedTokens).toBeLessThan(cut.result.promptTokens / 2)
  const next = await answer('chat', cut.turn, 'sita')
  expect(next.result.cachedTokens).toBe(cut.result.promptTokens + cut.result.answerTokens)
})
