/** The official client, as a developer has it who changes the base URL and nothing else. */
import Anthropic, { BadRequestError, NotFoundError } from '@anthropic-ai/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demo, endless, startOpenAi, type OpenAiServer } from '../openai/openai-server.fixture.ts'

let api: OpenAiServer
let anthropic: Anthropic

beforeAll(async () => {
  api = await startOpenAi()
  anthropic = new Anthropic({ baseURL: new URL(api.baseURL).origin, apiKey: 'none', maxRetries: 0 })
}, 60_000)
afterAll(() => api.close())

const paris = '法国的首都是巴黎。'
const askParis = {
  model: demo,
  max_tokens: 64,
  temperature: 0,
  messages: [{ role: 'user' as const, content: '法国的首都是哪里？' }],
}
const weather = {
  name: 'get_weather',
  description: 'The weather in a city',
  input_schema: {
    type: 'object' as const,
    properties: { city: { type: 'string', enum: ['北京', '上海'] } },
    required: ['city'],
  },
}

describe('a message', () => {
  // Catches a wrong template, history or encoding: the demo model is right word for word only if all of it is.
  test('is answered word for word, with its usage', async () => {
    const answer = await anthropic.messages.create({
      ...askParis,
      messages: [
        ...askParis.messages,
        { role: 'assistant', content: [{ type: 'text', text: paris }] },
        { role: 'user', content: [{ type: 'text', text: '那意大利呢？' }] },
      ],
    })
    expect(answer).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: demo,
      content: [{ type: 'text', text: '意大利的首都是罗马。' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
    })
    const { input_tokens, cache_read_input_tokens, output_tokens } = answer.usage
    expect(input_tokens).toBeGreaterThan(0)
    expect(cache_read_input_tokens).toBeGreaterThanOrEqual(0)
    expect(output_tokens).toBeGreaterThan(2)
  })

  // Catches events that the client cannot put together again.
  test('streams to the same text', async () => {
    const stream = anthropic.messages.stream(askParis)
    let text = ''
    stream.on('text', (piece) => (text += piece))
    const message = await stream.finalMessage()
    expect(text).toBe(paris)
    expect(message.content).toEqual([{ type: 'text', text: paris }])
    expect(message.stop_reason).toBe('end_turn')
    expect(message.usage.output_tokens).toBeGreaterThan(2)
  })

  // Catches a stop text that is not named, and a limit that reads as an end.
  test('ends where it is told to, and says so', async () => {
    const stopped = await anthropic.messages.create({ ...askParis, stop_sequences: ['是'] })
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: '是', content: [{ text: '法国的首都' }] })
    const cut = await anthropic.messages.create({ ...askParis, max_tokens: 2 })
    expect(cut.stop_reason).toBe('max_tokens')
    expect(cut.usage.output_tokens).toBe(2)
  })

  // Catches calls whose input is no object, and arguments that are lost between the pieces.
  test('calls a tool, whole and in a stream', async () => {
    const toolChoice = { type: 'tool' as const, name: 'get_weather' }
    const request = { ...askParis, max_tokens: 200, tools: [weather], tool_choice: toolChoice }
    const whole = await anthropic.messages.create(request)
    expect(whole.stop_reason).toBe('tool_use')
    const [call] = whole.content
    expect(call).toMatchObject({ type: 'tool_use', name: 'get_weather' })
    expect(['北京', '上海']).toContain((call as Anthropic.ToolUseBlock & { input: { city: string } }).input.city)
    const streamed = await anthropic.messages.stream({ ...request, tool_choice: { type: 'any' } }).finalMessage()
    const input = { city: expect.anything() }
    expect(streamed.content).toMatchObject([{ type: 'tool_use', name: 'get_weather', input }])

    const result = { type: 'tool_result' as const, tool_use_id: (call as Anthropic.ToolUseBlock).id, content: '晴' }
    const answer = await anthropic.messages.create({
      ...askParis,
      max_tokens: 4,
      messages: [
        ...askParis.messages,
        { role: 'assistant', content: whole.content },
        { role: 'user', content: [result] },
      ],
    })
    expect(answer.type).toBe('message')
  })
})

// Catches a count that is not of the prompt that `messages` reads.
test('tokens are counted as they are read', async () => {
  const { input_tokens } = await anthropic.messages.countTokens({ model: demo, messages: askParis.messages })
  const { usage } = await anthropic.messages.create(askParis)
  expect(usage.input_tokens + (usage.cache_read_input_tokens ?? 0)).toBe(input_tokens)
})

// Catches failures that the client takes for something else, or cannot read.
test('what is wrong with a request is told in the shape the client knows', async () => {
  const unknown = anthropic.messages.create({ ...askParis, model: 'no-such-model' })
  await expect(unknown).rejects.toBeInstanceOf(NotFoundError)
  await expect(unknown).rejects.toMatchObject({ error: { type: 'error', error: { type: 'not_found_error' } } })
  const source = { type: 'base64' as const, media_type: 'image/png' as const, data: '' }
  const picture = { type: 'image' as const, source }
  const withPicture = anthropic.messages.create({ ...askParis, messages: [{ role: 'user', content: [picture] }] })
  await expect(withPicture).rejects.toBeInstanceOf(BadRequestError)
  await expect(withPicture).rejects.toThrow(/messages\[0\]\.content\[0\]/)
})

// Catches an answer that goes on when nobody reads it.
test('a client that leaves stops its answer', async () => {
  const stream = anthropic.messages.stream({ ...askParis, model: endless, max_tokens: 4000 })
  await new Promise((resolve) => stream.once('text', resolve))
  stream.abort()
  await expect(stream.finalMessage()).rejects.toThrow()
  await expect.poll(() => api.liveRequests(), { timeout: 5_000 }).toBe(0)
})
