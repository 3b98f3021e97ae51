import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ServerActivity } from '../../shared/contract/api-server.ts'
import { Activity } from './activity.ts'
import { greedy, question, startInference, testClient, type TestInference } from './inference.fixture.ts'
import { TokenRate } from './token-rate.ts'

let core: TestInference

beforeAll(async () => {
  core = await startInference()
  await core.ask(question('你好'))
})
afterAll(() => core.close())
beforeEach(() => {
  core.settings.update({ apiLogsPrompts: false })
  core.settings.update({ apiLogsPrompts: true })
})

const never = new AbortController().signal
const client = { ...testClient, protocol: 'openai' as const, endpoint: '/v1/chat/completions', name: '手机' }
const long = { sampling: { temperature: 1.5, topK: 0, topP: 1, seed: 1, maxTokens: 1500 } }
const kept = async () => (await core.activity.log.watch({ keptToo: true }).next()).value!

// A person could not tell who keeps the machine busy, or would be shown requests that are over.
test('what is asked is shown while it is answered, and counted after it', async () => {
  const before = core.activity.now()
  let during: ServerActivity | undefined
  let answerTokens = 0
  for await (const event of core.inference.generate(greedy(question('写一首短诗。', long)), client, never)) {
    if (event.type === 'text') during = core.activity.now()
    if (event.type === 'end') answerTokens = event.usage.answerTokens
  }
  const [request] = during!.requests
  const who = { protocol: 'openai', endpoint: client.endpoint, client: '手机' }
  expect(request).toMatchObject({ ...who, model: 'yangtuo-demo', phase: 'writing' })
  expect(request!.promptTokens).toBeGreaterThan(0)
  expect(request!.answerTokens).toBeGreaterThan(0)
  const { requests, totals, tokensPerSecond } = core.activity.now()
  expect(requests).toEqual([])
  expect(totals.requests).toBe(before.totals.requests + 1)
  expect(totals.answerTokens).toBe(before.totals.answerTokens + answerTokens)
  expect(tokensPerSecond).toHaveLength(60)
  expect(tokensPerSecond.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(answerTokens)
  await expect(core.ask(question('好'.repeat(9000)))).rejects.toThrow('PROMPT_TOO_LONG')
  expect(core.activity.now().totals.failures).toBe(before.totals.failures + 1)
})

// Each token would be an event for each window; or a window would never hear that all is quiet.
test('viewers are told at most twice a second, and when it is over', async () => {
  const activity = new Activity(core.settings)
  const leave = new AbortController()
  const seen: { at: number; requests: number }[] = []
  const watching = (async () => {
    for await (const { requests } of activity.watch(leave.signal)) {
      seen.push({ at: performance.now(), requests: requests.length })
    }
  })()
  const request = activity.begin(client, 'x')
  for (let tokens = 1; tokens <= 120; tokens++) {
    request.wrote(tokens)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  request.end(null, null)
  await expect.poll(() => seen.at(-1)!.requests, { timeout: 3000 }).toBe(0)
  leave.abort()
  await watching
  expect(seen.some(({ requests }) => requests === 1)).toBe(true)
  for (const [index, { at }] of seen.entries()) if (index > 0) expect(at - seen[index - 1]!.at).toBeGreaterThan(450)
})

// The figure would jump with every look, or still be there long after the last token.
test('a rate is over the last seconds', async () => {
  const rate = new TokenRate(2)
  expect(rate.average()).toBeNull()
  const beganAt = performance.now()
  while (performance.now() - beganAt < 1000) {
    rate.add(5)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const written = rate.seconds().reduce((sum, count) => sum + count, 0)
  const expected = (written * 1000) / (performance.now() - beganAt)
  expect(rate.average()! / expected).toBeGreaterThan(0.8)
  expect(rate.average()! / expected).toBeLessThan(1.25)
  await new Promise((resolve) => setTimeout(resolve, 2100))
  expect(rate.isZero).toBe(true)
  expect(rate.average()).toBe(0)
})

// What the model really read could not be looked at, or would be kept of people who never wanted that.
test('exact prompts and answers are kept while that is wanted, and dropped then', async () => {
  const leave = new AbortController()
  const fresh = core.activity.watchLog(leave.signal)
  const first = fresh.next()
  await core.inference.generate(greedy(question('你是谁？')), client, never).next()
  await expect.poll(() => core.activity.now().requests).toEqual([])
  await core.ask(question('你是谁？'))
  await expect(core.ask(question('好'.repeat(9000)))).rejects.toThrow('PROMPT_TOO_LONG')
  const entries = await kept()
  const finished = entries.find(({ outcome }) => outcome === 'stop')!
  expect(finished.prompt).toMatch(/^<\|begin_of_text\|><\|start_header_id\|>user[^]*你是谁？<\|eot_id\|>/)
  expect(finished.prompt).toMatch(/assistant<\|end_header_id\|>\n\n$/)
  expect(finished.answer).toBe('我是羊驼自带的演示模型，只会回答少数几个问题。')
  expect(finished.totalMs).toBeGreaterThanOrEqual(0)
  const failed = entries.find(({ outcome }) => outcome === 'PROMPT_TOO_LONG')!
  expect(failed.prompt.length).toBeGreaterThan(9000)
  expect((await first).value!.length).toBeGreaterThan(0)
  leave.abort()
  expect((await fresh.next()).done).toBe(true)
  core.settings.update({ apiLogsPrompts: false })
  await core.ask(question('你是谁？'))
  expect(await kept()).toEqual([])
})

// The log of a busy server would fill the memory.
test('the log is bounded', async () => {
  const { log } = new Activity(core.settings)
  const texts = { prompt: '好😀'.repeat(10_000), answer: 'x' }
  const figures = { at: 0, promptTokens: 0, answerTokens: 0, totalMs: 0 }
  const entry = { ...figures, id: '', protocol: null, endpoint: '', client: '', model: '', outcome: 'stop' }
  for (let i = 0; i < 250; i++) log.add({ ...entry, ...texts, id: String(i) })
  const entries = (await log.watch({ keptToo: true }).next()).value!
  expect(entries.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, i) => String(i + 50)))
  expect(entries[0]!.prompt.length).toBeLessThanOrEqual(20_000)
  expect(entries[0]!.prompt.isWellFormed()).toBe(true)
  log.clear()
  expect((await log.watch({ keptToo: true }).next()).value).toEqual([])
})
