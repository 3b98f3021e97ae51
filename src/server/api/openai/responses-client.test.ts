/** The Responses API, through the official client as it is. */
import { BadRequestError } from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demo, startOpenAi, type OpenAiServer } from './openai-server.fixture.ts'

let api: OpenAiServer
beforeAll(async () => {
  api = await startOpenAi()
}, 60_000)
afterAll(() => api.close())

const paris = '法国的首都是巴黎。'
const askParis = { model: demo, temperature: 0, input: '法国的首都是哪里？' }
const tools = [
  {
    type: 'function' as const,
    name: 'get_weather',
    strict: true,
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', enum: ['北京', '上海'] } },
      required: ['city'],
    },
  },
]

// Catches a wrong template or history, and an id that leads nowhere.
test('a conversation goes on by the id of the last response', async () => {
  const first = await api.openai.responses.create(askParis)
  expect(first).toMatchObject({ object: 'response', status: 'completed', model: demo, output_text: paris })
  expect(first.usage!.total_tokens).toBe(first.usage!.input_tokens + first.usage!.output_tokens)
  const next = await api.openai.responses.create({ ...askParis, input: '那意大利呢？', previous_response_id: first.id })
  expect(next.output_text).toBe('意大利的首都是罗马。')
  const asked = (content: string) => ({ role: 'user' as const, content })
  const items = [asked(askParis.input), ...first.output, asked('那意大利呢？')]
  const sentAlong = await api.openai.responses.create({ ...askParis, input: items as never })
  expect(sentAlong.output_text).toBe('意大利的首都是罗马。')
  const lost = api.openai.responses.create({ ...askParis, previous_response_id: 'resp_gone' })
  await expect(lost).rejects.toBeInstanceOf(BadRequestError)
  const unstored = await api.openai.responses.create({ ...askParis, store: false })
  await expect(
    api.openai.responses.create({ ...askParis, previous_response_id: unstored.id }),
  ).rejects.toBeInstanceOf(BadRequestError)
})

// Catches events that are missing or out of order: the client's own accumulator throws then.
test('a stream adds up to the response', async () => {
  const stream = api.openai.responses.stream(askParis)
  const types: string[] = []
  const numbers: number[] = []
  for await (const event of stream) {
    types.push(event.type)
    numbers.push(event.sequence_number)
  }
  expect((await stream.finalResponse()).output_text).toBe(paris)
  expect(types[0]).toBe('response.created')
  expect(types.at(-1)).toBe('response.completed')
  expect(numbers).toEqual(numbers.map((_, index) => index))
})

// Catches a limit that reads as an end.
test('an answer that was cut says so', async () => {
  const cut = await api.openai.responses.create({ ...askParis, max_output_tokens: 2 })
  expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
})

// Catches calls whose arguments are lost between the pieces.
test('tools are called, and what they return is read', async () => {
  const request = { ...askParis, tools, tool_choice: 'required' as const, max_output_tokens: 200 }
  const streamed = await api.openai.responses.stream(request).finalResponse()
  const call = streamed.output.find((item) => item.type === 'function_call')!
  expect(call.name).toBe('get_weather')
  expect(['北京', '上海']).toContain((JSON.parse(call.arguments) as { city: string }).city)
  const answer = await api.openai.responses.create({
    ...askParis,
    max_output_tokens: 4,
    previous_response_id: streamed.id,
    input: [{ type: 'function_call_output', call_id: call.call_id, output: '晴' }],
  })
  expect(answer.object).toBe('response')
})

// Catches a schema that is not heeded.
test('an answer fits its schema', async () => {
  const properties = { capital: { type: 'string', enum: ['巴黎', '罗马'] } }
  const schema = { type: 'object', properties, required: ['capital'] }
  const answer = await api.openai.responses.create({
    ...askParis,
    text: { format: { type: 'json_schema', name: 'capital', schema } },
  })
  expect(['巴黎', '罗马']).toContain((JSON.parse(answer.output_text) as { capital: string }).capital)
})
