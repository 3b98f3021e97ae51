import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InferenceRequestInput } from '../../shared/contract/inference.ts'
import { endOf, question, startInference, textOf, type TestInference } from './inference.fixture.ts'

let core: TestInference

beforeAll(async () => {
  core = await startInference()
  const content = { modelId: core.demo.id, systemPrompt: '', sampling: {}, modelfile: '' }
  const source = '{% for message in messages %}{{ message.content }}{% endfor %}<|eot_id|><think>\n'
  core.derivedModels.save({ ...content, name: 'thinker', loadOverrides: { template: { type: 'jinja', source } } })
})
afterAll(() => core.close())

/** An answer that the model can only write so. */
const writing = (text: string, more: Partial<InferenceRequestInput> = {}) => {
  const source = `root ::= ${JSON.stringify(text)}`
  return question('?', { sampling: { answerFormat: { type: 'grammar', source } }, splitsReasoning: true, ...more })
}

async function ask(request: InferenceRequestInput) {
  const events = await core.ask(request)
  const reasoning = events.map((event) => (event.type === 'reasoning' ? event.text : '')).join('')
  return { reasoning, text: textOf(events), usage: endOf(events).usage }
}

// What a model thinks would stand in the answer, or the answer be taken for what it thinks.
test('reasoning is told apart where that is asked for', async () => {
  const answer = '<think>\n好，想一想。\n</think>\n\n你好'
  const { reasoning, text, usage } = await ask(writing(answer))
  expect({ reasoning, text }).toEqual({ reasoning: '好，想一想。', text: '你好' })
  expect(usage.reasoningTokens).toBeGreaterThan(0)
  expect(usage.reasoningTokens).toBeLessThan(usage.answerTokens)
  expect(await ask(writing(answer, { splitsReasoning: false }))).toMatchObject({ reasoning: '', text: answer })
  expect(await ask(writing('你好'))).toMatchObject({ reasoning: '', text: '你好', usage: { reasoningTokens: 0 } })
})

// With the models that have the tag in their template, all reasoning would be answer.
test('a block that the template began is reasoning', async () => {
  const request = writing('好，想一想。</think>\n\n你好', { model: 'thinker' })
  expect(await ask(request)).toMatchObject({ reasoning: '好，想一想。', text: '你好' })
})

// The probabilities of the answer's tokens would be mixed with those of its reasoning.
test('probabilities are told of the text', async () => {
  const events = await core.ask(writing('<think>a</think>b', { topLogprobs: 2 }))
  const texts = events.flatMap((event) => (event.type === 'text' ? [event] : []))
  expect(textOf(texts)).toBe('b')
  const last = texts.flatMap(({ tokens }) => tokens).at(-1)!
  expect(last.text).toMatch(/b$/)
  expect(last.top).toHaveLength(2)
})
