/** The official client, as a developer has it who changes the host and nothing else. */
import type { ChatResponse, GenerateResponse, Message } from 'ollama'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEngine as startTestEngine } from '../../../core/core.fixture.ts'
import type { EngineProcess } from '../../../core/engine/engine-starter.ts'
import { answer, demo, endless, failureOf, question, startOllama, type OllamaServer } from './ollama.fixture.ts'

let api: OllamaServer
/** The newest last. */
const engines: EngineProcess[] = []

beforeAll(async () => {
  const startEngine = () => {
    engines.push(startTestEngine())
    return engines.at(-1)!
  }
  api = await startOllama({ startEngine })
}, 60_000)
afterAll(() => api.close())

const options = { temperature: 0 }
const messages: Message[] = [{ role: 'user', content: question }]

async function all<T>(stream: Promise<AsyncIterable<T>>): Promise<T[]> {
  const parts: T[] = []
  for await (const part of await stream) parts.push(part)
  return parts
}

const figures = {
  done: true,
  done_reason: 'stop',
  prompt_eval_count: expect.any(Number),
  eval_count: expect.any(Number),
  total_duration: expect.any(Number),
  load_duration: expect.any(Number),
  prompt_eval_duration: expect.any(Number),
  eval_duration: expect.any(Number),
} as unknown

describe('/api/chat', () => {
  // Catches a wrong template, history or encoding: the demo model is right word for word only if all of it is.
  test('is answered word for word, with its figures', async () => {
    const later: Message[] = [
      { role: 'assistant', content: answer },
      { role: 'user', content: '那意大利呢？' },
    ]
    const response = await api.ollama.chat({ model: demo, messages: [...messages, ...later], options })
    expect(response).toMatchObject({ model: demo, message: { role: 'assistant', content: '意大利的首都是罗马。' } })
    expect(response).toMatchObject(figures as object)
    expect(response.total_duration).toBeGreaterThan(response.eval_duration)
    expect(Date.parse(String(response.created_at))).toBeGreaterThan(Date.now() - 60_000)
  })

  test('streams the same in lines, the last of which has the figures', async () => {
    const lines = await all<ChatResponse>(api.ollama.chat({ model: `${demo}:latest`, messages, stream: true, options }))
    expect(lines.map(({ message }) => message.content).join('')).toBe(answer)
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.slice(0, -1).every(({ done }) => !done)).toBe(true)
    expect(lines.at(-1)).toMatchObject({ ...(figures as object), message: { content: '' } })
  })

  // Catches curl and other clients, which name no `stream`, being given one answer instead of lines.
  test('streams where the request says nothing', async () => {
    const body = JSON.stringify({ model: demo, messages })
    const response = await fetch(`${api.url}/api/chat`, { method: 'POST', body })
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = (await response.text()).trim().split('\n').map((line) => JSON.parse(line) as ChatResponse)
    expect(lines.at(-1)!.done).toBe(true)
  })

  test('stops at num_predict and at stop', async () => {
    const short = await api.ollama.chat({ model: demo, messages, options: { ...options, num_predict: 2 } })
    expect(short).toMatchObject({ done_reason: 'length', eval_count: 2 })
    const stopped = await api.ollama.chat({ model: demo, messages, options: { ...options, stop: ['巴黎'] } })
    expect(stopped).toMatchObject({ done_reason: 'stop', message: { content: '法国的首都是' } })
  })

  // Catches a schema that is dropped on the way: the demo model writes no JSON of itself.
  test('answers in a format', async () => {
    const schema = { type: 'object', properties: { city: { enum: ['巴黎', '罗马'] } }, required: ['city'] }
    const answered = await api.ollama.chat({ model: demo, messages, format: schema, options })
    expect(['巴黎', '罗马']).toContain((JSON.parse(answered.message.content) as { city: string }).city)
    const limited = { ...options, num_predict: 200 }
    const free = await api.ollama.chat({ model: demo, messages, format: 'json', options: limited })
    expect(free.message.content).toMatch(/^\s*[[{"\d]|^\s*(true|false|null)/)
  })

  // Catches calls whose arguments come as text, which every client of Ollama takes for an object.
  test('calls tools, and takes what they return', async () => {
    const city = { type: 'string', enum: ['北京', '上海'] }
    const parameters = { type: 'object', properties: { city }, required: ['city'] }
    const tools = [{ type: 'function', function: { name: 'weather', description: '天气', parameters } }]
    // An answer in JSON may be a call instead; the demo model knows neither and takes one or the other by chance.
    const asked = { model: demo, messages, tools, format: { const: '好' } }
    const random = { temperature: 2, top_k: 0, top_p: 1, num_predict: 200 }
    const lucky = (seed: number) => ({ ...asked, options: { ...random, seed } })
    let seed = 0
    let { message } = await api.ollama.chat(lucky(seed))
    while (!message.tool_calls && seed < 50) message = (await api.ollama.chat(lucky(++seed))).message
    expect(message.tool_calls!.length).toBeGreaterThan(0)
    for (const call of message.tool_calls!) {
      expect(call.function.name).toBe('weather')
      expect(city.enum).toContain(call.function.arguments['city'])
    }
    const lines = await all<ChatResponse>(api.ollama.chat({ ...lucky(seed), stream: true }))
    expect(lines.flatMap((line) => line.message.tool_calls ?? []).map((call) => call.function)).toEqual(
      message.tool_calls!.map((call) => call.function),
    )
    const returned: Message[] = [...messages, message, { role: 'tool', content: '晴', tool_name: 'weather' }]
    expect((await api.ollama.chat({ model: demo, messages: returned, tools, options })).done).toBe(true)
  })

  test('tells the probabilities of tokens', async () => {
    const answered = await api.ollama.chat({ model: demo, messages, logprobs: true, top_logprobs: 2, options })
    const { logprobs } = answered
    expect(logprobs!.map(({ token }) => token).join('')).toBe(answer)
    expect(logprobs![0]).toMatchObject({ logprob: expect.any(Number) as number })
    expect(logprobs![0]!.top_logprobs).toHaveLength(2)
  })

  // Catches an answer that goes on for nobody, and holds up the next one.
  test('ends when the client leaves', async () => {
    const stream = await api.ollama.chat({ model: endless, messages, stream: true })
    const reading = (async () => {
      for await (const _ of stream) stream.abort()
    })()
    expect((await failureOf(reading)).message).toMatch(/abort/i)
    await expect.poll(() => api.ollama.chat({ model: demo, messages, options }).then(({ done }) => done)).toBe(true)
    const { totals, requests } = await activityOf()
    expect(requests).toEqual([])
    expect(totals.requests).toBeGreaterThan(0)
  })

  // Catches a stream that just breaks off, as if the answer were whole, and an engine that is not started again.
  test('ends with an error in its shape when the engine is killed, and the next one is served', async () => {
    const stream = await api.ollama.chat({ model: endless, messages, stream: true })
    const reading = (async () => {
      for await (const line of stream) if (line.message.content) engines.at(-1)!.kill()
    })()
    expect((await failureOf(reading)).message).toContain('SIGKILL')
    const again = await api.ollama.chat({ model: endless, messages, options: { num_predict: 3 } })
    expect(again.done_reason).toBe('length')
  })

  async function activityOf() {
    for await (const activity of await api.client.apiServer.watchActivity()) {
      if (activity.requests.length === 0) return activity
    }
    throw new Error('the stream ended')
  }
})

describe('/api/generate', () => {
  // Catches a `context` that is forgotten, or read as another one's.
  test('answers, and goes on from its context', async () => {
    const first = await api.ollama.generate({ model: demo, prompt: question, options })
    expect(first).toMatchObject({ ...(figures as object), response: answer })
    const { response } = await api.ollama.generate({ model: demo, prompt: '那意大利呢？', context: first.context, options })
    expect(response).toBe('意大利的首都是罗马。')
    const streamed = api.ollama.generate({ model: demo, prompt: question, stream: true, options })
    const lines = await all<GenerateResponse>(streamed)
    expect(lines.map((line) => line.response).join('')).toBe(answer)
    expect(lines.at(-1)!.context).toEqual(first.context)
    const foreign = await failureOf(api.ollama.generate({ model: demo, prompt: question, context: [128_006, 882] }))
    expect(foreign).toMatchObject({ status_code: 400, message: expect.stringContaining('context') as string })
  })

  // Catches control tokens that a program writes being read as words.
  test('reads a raw prompt as it stands, and a template of the request', async () => {
    const prompt =
      `<|start_header_id|>user<|end_header_id|>\n\n${question}<|eot_id|>` +
      '<|start_header_id|>assistant<|end_header_id|>\n\n'
    const raw = await api.ollama.generate({ model: demo, prompt, raw: true, options })
    expect(raw).toMatchObject({ response: answer, prompt_eval_count: 14 })
    expect(raw.context).toBeUndefined()
    const template =
      '<|start_header_id|>user<|end_header_id|>\n\n{{ .Prompt }}<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\n{{ .Response }}<|eot_id|>'
    expect((await api.ollama.generate({ model: demo, prompt: question, template, options })).response).toBe(answer)
    const both = await failureOf(api.ollama.generate({ model: demo, prompt, raw: true, system: 'x' }))
    expect(both).toMatchObject({ status_code: 400, message: expect.stringContaining('raw') as string })
  })

  test('loads a model when asked nothing, and unloads it', async () => {
    const names = async () => (await api.ollama.ps()).models.map(({ name }) => name)
    await api.ollama.generate({ model: endless, prompt: '', keep_alive: 0 })
    expect(await names()).not.toContain(endless)
    const loaded = await api.ollama.generate({ model: endless, prompt: '', keep_alive: '10m' })
    expect(loaded).toMatchObject({ done: true, done_reason: 'load', response: '' })
    const [running] = (await api.ollama.ps()).models.filter(({ name }) => name === endless)
    const minutesLeft = (Date.parse(String(running!.expires_at)) - Date.now()) / 60_000
    expect(minutesLeft).toBeGreaterThan(8)
    expect(minutesLeft).toBeLessThan(10.1)
    expect(running).toMatchObject({ size: expect.any(Number) as number, size_vram: 0 })
    const unloaded = await api.ollama.chat({ model: endless, messages: [], keep_alive: 0 })
    expect(unloaded).toMatchObject({ done: true, done_reason: 'unload' })
    expect(await names()).not.toContain(endless)
  })
})

describe('embeddings', () => {
  test('are vectors of length 1, the same each way', async () => {
    const { embeddings, prompt_eval_count } = await api.ollama.embed({ model: demo, input: ['你好', '羊驼'] })
    expect(embeddings).toHaveLength(2)
    expect(Math.hypot(...embeddings[0]!)).toBeCloseTo(1, 4)
    expect(prompt_eval_count).toBeGreaterThan(1)
    const { embedding } = await api.ollama.embeddings({ model: demo, prompt: '你好' })
    embedding.forEach((number, index) => expect(number).toBeCloseTo(embeddings[0]![index]!, 4))
    const [short] = (await api.ollama.embed({ model: demo, input: '你好', dimensions: 8 })).embeddings
    expect(short).toHaveLength(8)
    expect(Math.hypot(...short!)).toBeCloseTo(1, 4)
  })
})

// Catches errors that clients take for answers, or whose reason they cannot show.
describe('what cannot be answered', () => {
  test('an unknown model is a 404 that says so', async () => {
    const failure = await failureOf(api.ollama.chat({ model: 'no/such:7b', messages }))
    expect(failure).toMatchObject({ status_code: 404, message: "model 'no/such:7b' not found" })
  })

  test.each([
    [{ messages: [{ role: 'user', content: '?', images: ['aGk='] }] }, 'messages[0].images'],
    [{ messages: [{ role: 'robot', content: '?' }] }, 'messages[0].role'],
    [{ messages, options: { temperature: 'hot' } }, 'options.temperature'],
    [{ messages, keep_alive: 'soon' }, 'keep_alive'],
    [{ messages, format: 'xml' }, 'format'],
    [{ messages: '你好' }, 'messages'],
  ])('a wrong field is named: %j', async (body, field) => {
    const { status, body: failure } = await api.send('/api/chat', { model: demo, ...body })
    expect(status).toBe(400)
    expect(failure!['error']).toContain(field)
  })
})
