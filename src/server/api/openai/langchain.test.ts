/** LangChain's client of OpenAI: `new ChatOpenAI({ configuration: { baseURL } })`. */
import { HumanMessage, type AIMessageChunk, type ToolMessage } from '@langchain/core/messages'
import type { ToolCall } from '@langchain/core/messages/tool'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { demo, startOpenAi, type OpenAiServer } from './openai-server.fixture.ts'

let api: OpenAiServer
let chat: ChatOpenAI

beforeAll(async () => {
  api = await startOpenAi()
  chat = new ChatOpenAI({
    model: demo,
    apiKey: 'none',
    temperature: 0,
    maxTokens: 300,
    maxRetries: 0,
    configuration: { baseURL: api.baseURL },
  })
}, 60_000)
afterAll(() => api.close())

const question = '法国的首都是哪里？'
const answer = '法国的首都是巴黎。'
const weather = tool(({ city }) => `It rains in ${city}.`, {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: z.object({ city: z.enum(['Paris', 'Rome']) }),
})

// Catches an answer or a usage that LangChain does not find where it looks.
test('asks and streams', async () => {
  const whole = await chat.invoke(question)
  expect(whole.content).toBe(answer)
  expect(whole.usage_metadata!.output_tokens).toBeGreaterThan(1)
  let streamed: AIMessageChunk | undefined
  for await (const chunk of await chat.stream(question)) streamed = streamed ? streamed.concat(chunk) : chunk
  expect(streamed!.content).toBe(answer)
  expect(streamed!.usage_metadata).toMatchObject({ output_tokens: whole.usage_metadata!.output_tokens })
  expect(streamed!.response_metadata.finish_reason).toBe('stop')
})

// Catches calls that an agent cannot run, and results of tools that are refused.
test('calls tools, and tells their results', async () => {
  const bound = chat.bindTools([weather], { tool_choice: 'required', parallel_tool_calls: false })
  const call = await bound.invoke(question)
  const [{ name, args, id }] = call.tool_calls as [ToolCall]
  expect([name, id]).toEqual(['get_weather', expect.any(String)])
  expect(args.city).toMatch(/Paris|Rome/)
  let streamed: AIMessageChunk | undefined
  for await (const chunk of await bound.stream(question)) streamed = streamed ? streamed.concat(chunk) : chunk
  expect(streamed!.tool_calls).toMatchObject([{ name, args }])
  const result: ToolMessage = await weather.invoke(call.tool_calls![0]! as never)
  const last = await chat.invoke([new HumanMessage(question), call, result], { stop: ['\n'] })
  expect(typeof last.content).toBe('string')
})

// Catches a schema that LangChain sends and that the engine cannot use.
test.each(['jsonSchema', 'functionCalling', 'jsonMode'] as const)('has structured output by %s', async (method) => {
  const Mood = z.object({ mood: z.enum(['good', 'bad']) })
  if (method === 'jsonMode') {
    // The demo model does not know what to write; what counts is that it is JSON.
    const { raw } = await chat.withStructuredOutput(z.any(), { method, includeRaw: true }).invoke(question)
    expect(() => JSON.parse((raw as { content: string }).content) as unknown).not.toThrow()
  } else {
    const { mood } = await chat.withStructuredOutput(Mood, { method, name: 'mood' }).invoke(question)
    expect(mood).toMatch(/good|bad/)
  }
})

// Catches vectors in a form that LangChain does not read.
test('embeds', async () => {
  const embeddings = new OpenAIEmbeddings({ model: demo, apiKey: 'none', configuration: { baseURL: api.baseURL } })
  const [first, second] = await embeddings.embedDocuments(['今天天气真不错', 'hello'])
  expect([first!.length, second!.length]).toEqual([256, 256])
  expect((await embeddings.embedQuery('hello'))[0]).toBeCloseTo(second![0]!, 5)
})
