/** The example requests of the Chinese-LLaMA-Alpaca projects' own API demos, as their documentation has them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOpenAi, type OpenAiServer } from './openai-server.fixture.ts'

let api: OpenAiServer

beforeAll(async () => {
  api = await startOpenAi()
}, 60_000)
afterAll(() => api.close())

// Catches a field of these demos that is refused, though all who follow the projects' tutorials send it.
test.each([
  ['/completions', { prompt: '告诉我中国的首都在哪里' }],
  ['/completions', { prompt: '告诉我中国和美国分别各有哪些优点缺点', max_tokens: 90, temperature: 0.7, num_beams: 4, top_k: 40 }],
  ['/chat/completions', { messages: [{ role: 'user', content: '给我讲一些有关杭州的故事吧' }], repetition_penalty: 1.0 }],
  ['/chat/completions', { messages: [{ role: 'user', message: '给我讲一些有关杭州的故事吧' }], repetition_penalty: 1.0 }],
  ['/chat/completions', { messages: '你好', do_sample: true, n: 1, stop: null, user: null }],
])('%s %j', async (path, body) => {
  const answer = await api.post(path, { max_tokens: 64, ...body })
  expect(answer).toMatchObject({ status: 200, body: { choices: [{ index: 0, finish_reason: expect.any(String) }] } })
})

// Catches an embedding that a program of these demos cannot find.
test('/embeddings', async () => {
  const { body } = await api.post('/embeddings', { input: '今天天气真不错' })
  const data = [{ object: 'embedding', index: 0, embedding: expect.any(Array) as number[] }]
  expect(body).toMatchObject({ object: 'list', data })
})
