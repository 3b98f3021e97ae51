import { isDefinedError, safe } from '@orpc/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InferenceEvent } from '../../shared/contract/inference.ts'
import { startCore, temporaryFolder, testPorts, type Client } from '../core.fixture.ts'
import { endOf, question, textOf } from './inference.fixture.ts'

const folder = temporaryFolder()
let client: Client
let close: () => Promise<void>

beforeAll(async () => void ({ client, close } = await startCore(testPorts(folder.path))))
afterAll(async () => {
  await close()
  folder.remove()
})

const answer = '我是羊驼自带的演示模型，只会回答少数几个问题。'
const asked = { ...question('你是谁？'), sampling: { temperature: 0, repeatPenalty: 1 } }

async function activity() {
  for await (const now of await client.apiServer.watchActivity()) return now
  throw new Error('nothing was told')
}

// `yangtuo run` in a folder where nothing was ever started: the bundled model is not even known yet.
test('the very first request of a new folder is answered', async () => {
  const events: InferenceEvent[] = []
  for await (const event of await client.inference.generate(asked)) events.push(event)
  expect(textOf(events)).toBe(answer)
  const { usage } = endOf(events)
  expect(await client.inference.countTokens({ prompt: asked.prompt })).toEqual({ promptTokens: usage.promptTokens })
  expect(await client.inference.models()).toMatchObject([{ name: 'yangtuo-demo', isDerived: false, isLoaded: true }])
})

// A client would have to read sentences to know what went wrong.
test('what fails in the middle of a stream has the code and data of the contract', async () => {
  const read = async () => {
    for await (const event of await client.inference.generate({ ...asked, model: 'gpt-4' })) return event
  }
  const { error } = await safe(read())
  if (!isDefinedError(error)) throw new Error(`not a failure of the contract: ${error}`)
  expect(error).toMatchObject({ code: 'MODEL_UNKNOWN', data: { name: 'gpt-4' } })
})

// Closing the terminal would leave the model writing.
test('leaving the stream stops the answer', async () => {
  const long = { ...asked, sampling: { temperature: 2, topK: 0, topP: 1, maxTokens: 1900 } }
  for await (const event of await client.inference.generate(long)) if (event.type === 'text') break
  await expect.poll(async () => (await activity()).requests, { timeout: 5000 }).toEqual([])
})

// Programs compare texts by their vectors: alike must be alike, and of length 1.
test('texts are embedded', async () => {
  const texts = ['你是谁？', '你是谁？', 'Write a poem.']
  const { vectors, model, promptTokens } = await client.inference.embed({ texts })
  expect(model).toBe('yangtuo-demo')
  expect(promptTokens).toBeGreaterThan(6)
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
  const [a, b, c] = vectors as [number[], number[], number[]]
  expect(dot(a, a)).toBeCloseTo(1, 4)
  expect(dot(a, b)).toBeCloseTo(1, 4)
  expect(dot(a, c)).toBeLessThan(0.999)
})
