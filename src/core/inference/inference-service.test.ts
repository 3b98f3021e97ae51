import { afterEach, beforeEach, expect, test } from 'vitest'
import { endOf, question, startInference, textOf, type TestInference } from './inference.fixture.ts'

let core: TestInference

beforeEach(async () => void (core = await startInference()))
afterEach(() => core.close())

// The whole way: loading on demand, template, BOS, text and figures.
test('a chat is answered word for word, with usage and times', async () => {
  const events = await core.ask(question('你是谁？', { model: 'Yangtuo-Demo' }))
  expect(textOf(events)).toBe('我是羊驼自带的演示模型，只会回答少数几个问题。')
  const types = events.map(({ type }) => type)
  expect(types.indexOf('loading')).toBeLessThan(types.indexOf('start'))
  expect(types.filter((type) => type === 'start')).toHaveLength(1)
  const { usage, timings, reason, stopText } = endOf(events)
  expect({ reason, stopText }).toEqual({ reason: 'stop', stopText: null })
  expect(usage.promptTokens).toBeGreaterThan(5)
  expect(usage.answerTokens).toBeGreaterThan(5)
  expect(timings.loadMs).toBeGreaterThan(0)
  expect(timings.totalMs).toBeGreaterThanOrEqual(timings.promptMs + timings.answerMs)
})
