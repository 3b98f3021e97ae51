/** Vercel's AI SDK with its provider for servers that speak OpenAI's API. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { embedMany, generateText, Output, stepCountIs, streamText, tool } from 'ai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { demo, endless, startOpenAi, type OpenAiServer } from './openai-server.fixture.ts'
import { allOf } from './openai.fixture.ts'

let api: OpenAiServer
let yangtuo: ReturnType<typeof createOpenAICompatible>

beforeAll(async () => {
  api = await startOpenAi()
  yangtuo = createOpenAICompatible({
    name: 'yangtuo',
    baseURL: api.baseURL,
    supportsStructuredOutputs: true,
    includeUsage: true,
  })
}, 60_000)
afterAll(() => api.close())

const asked = () => ({
  model: yangtuo(demo),
  prompt: '法国的首都是哪里？',
  temperature: 0,
  maxRetries: 0,
  maxOutputTokens: 300,
})
const answer = '法国的首都是巴黎。'

// Catches an answer or a usage that the SDK does not find where it looks.
test('generates and streams text', async () => {
  const whole = await generateText(asked())
  expect(whole).toMatchObject({ text: answer, finishReason: 'stop' })
  const stream = streamText(asked())
  expect((await allOf(stream.textStream)).join('')).toBe(answer)
  expect((await stream.usage).outputTokens).toBe(whole.usage.outputTokens)
})

// Catches calls whose streamed pieces the SDK cannot put together, and a second step whose messages are refused.
test('runs tools', async () => {
  const cities: string[] = []
  const weather = tool({
    description: 'The weather of a city',
    inputSchema: z.object({ city: z.enum(['Paris', 'Rome']) }),
    execute: ({ city }) => {
      cities.push(city)
      return `It rains in ${city}.`
    },
  })
  const request = { ...asked(), tools: { weather }, toolChoice: 'required' as const, stopWhen: stepCountIs(2) }
  const { steps } = await generateText(request)
  expect(steps.length).toBe(2)
  expect(steps[0]!.toolCalls).toMatchObject([{ toolName: 'weather', input: { city: cities[0] } }])
  const streamed = streamText({ ...request, stopWhen: stepCountIs(1) })
  await streamed.consumeStream()
  expect(await streamed.toolCalls).toMatchObject([{ toolName: 'weather', input: { city: cities[0] } }])
})

// Catches a schema that the SDK sends and that the engine cannot use.
test('generates objects', async () => {
  const schema = z.object({ mood: z.enum(['good', 'bad']), sure: z.boolean() })
  const { output } = await generateText({ ...asked(), output: Output.object({ schema }) })
  expect(schema.parse(output)).toEqual(output)
})

// Catches vectors in a form that the SDK does not read.
test('embeds', async () => {
  const values = ['今天天气真不错', 'hello']
  const { embeddings, usage } = await embedMany({ model: yangtuo.embeddingModel(demo), values })
  expect(embeddings.map(({ length }) => length)).toEqual([256, 256])
  expect(usage.tokens).toBeGreaterThan(2)
})

// Catches an error in the middle of a stream that the SDK takes for the end of the answer.
test('is told when the engine dies', async () => {
  const errors: unknown[] = []
  const stream = streamText({
    ...asked(),
    model: yangtuo(endless),
    maxOutputTokens: 8000,
    onError: ({ error }) => void errors.push(error),
  })
  for await (const _ of stream.textStream) api.killEngine(endless)
  expect(errors.length).toBe(1)
})
