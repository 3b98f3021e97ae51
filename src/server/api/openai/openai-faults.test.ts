/** What goes wrong while an answer is written, seen from the official client. */
import { APIError, APIUserAbortError, RateLimitError } from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demo, endless, startOpenAi, type OpenAiServer } from './openai-server.fixture.ts'

let api: OpenAiServer

beforeAll(async () => {
  api = await startOpenAi({ apiMaxWaiting: 0 })
}, 60_000)
afterAll(() => api.close())

const messages = [{ role: 'user' as const, content: '法国的首都是哪里？' }]
const liveRequestsAre = (count: number, withinMs = 5000) =>
  expect.poll(() => api.liveRequests(), { timeout: withinMs, interval: 10 }).toBe(count)

// Catches an answer that goes on being written for nobody.
test('a client that leaves ends its answer at once', async () => {
  const stream = await api.openai.chat.completions.create({ model: endless, messages, stream: true })
  for await (const { choices } of stream) if (choices[0]?.delta.content) break
  await liveRequestsAre(0, 500)

  // Without a stream, too.
  const leave = new AbortController()
  const answer = api.openai.chat.completions.create({ model: endless, messages }, { signal: leave.signal })
  const left = expect(answer).rejects.toThrow(APIUserAbortError)
  await liveRequestsAre(1)
  leave.abort()
  await left
  await liveRequestsAre(0, 500)
})

// Catches a stream that just breaks off, as if the answer were whole, and an engine that is not started again.
test('an engine that is killed ends the stream with an error, and the next request is served', async () => {
  await api.openai.chat.completions.create({ model: endless, messages, max_tokens: 1 })
  const stream = await api.openai.chat.completions.create({ model: endless, messages, stream: true })
  let error: unknown
  try {
    for await (const { choices } of stream) if (choices[0]?.delta.content) api.killEngine(endless)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(APIError)
  expect(error).toMatchObject({ code: 'engine_crashed', type: 'server_error' })
  const next = await api.openai.chat.completions.create({ model: demo, temperature: 0, messages })
  expect(next.choices[0]!.message.content).toBe('法国的首都是巴黎。')
  const again = await api.openai.chat.completions.create({ model: endless, messages, max_tokens: 3 })
  expect(again.choices[0]!.finish_reason).toBe('length')
})

// Catches a queue without an end, and a client that comes back at once because nobody said when.
test('a full queue refuses, and says when to come back', async () => {
  const request = { model: endless, messages, stream: true as const }
  const streams = []
  let refusal: InstanceType<typeof RateLimitError> | undefined
  while (!refusal && streams.length < 20) {
    const stream = await api.openai.chat.completions.create(request).catch((error: RateLimitError) => {
      refusal = error
    })
    if (stream) streams.push(stream)
  }
  expect(refusal).toBeInstanceOf(RateLimitError)
  expect(refusal).toMatchObject({ status: 429, code: 'server_busy', type: 'rate_limit_error' })
  expect(refusal!.headers.get('retry-after')).toBe('1')
  for (const stream of streams) stream.controller.abort()
  await liveRequestsAre(0)
})
