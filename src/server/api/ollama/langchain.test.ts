import { HumanMessage } from '@langchain/core/messages'
import { ChatOllama, OllamaEmbeddings } from '@langchain/ollama'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { answer, demo, question, startOllama, type OllamaServer } from './ollama.fixture.ts'

let api: OllamaServer

beforeAll(async () => void (api = await startOllama()), 60_000)
afterAll(() => api.close())

const chat = () => new ChatOllama({ baseUrl: api.url, model: demo, temperature: 0, checkOrPullModel: true })

// Catches fields that LangChain sends or reads and the plain client does not.
test('a chain is answered, whole and in pieces', async () => {
  const whole = await chat().invoke([new HumanMessage(question)])
  expect(whole.content).toBe(answer)
  expect(whole.usage_metadata!.output_tokens).toBeGreaterThan(0)
  let text = ''
  for await (const piece of await chat().stream(question)) text += String(piece.content)
  expect(text).toBe(answer)
})

test('structured output fits its schema', async () => {
  const schema = z.object({ city: z.enum(['巴黎', '罗马']) })
  const model = chat().withStructuredOutput(schema)
  expect(schema.safeParse(await model.invoke(question)).success).toBe(true)
})

test('bound tools are sent, and texts embedded', async () => {
  const parameters = { type: 'object', properties: {} }
  const tool = { type: 'function', function: { name: 'weather', description: '天气', parameters } }
  expect(typeof (await chat().bindTools([tool]).invoke(question)).content).toBe('string')
  const embeddings = new OllamaEmbeddings({ baseUrl: api.url, model: demo })
  const [one, other] = await embeddings.embedDocuments(['你好', '羊驼'])
  expect(one!.length).toBe(other!.length)
  expect(await embeddings.embedQuery('你好')).toHaveLength(one!.length)
})
