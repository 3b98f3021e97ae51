/** Several answers at the same time, each in a slot of its own. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GenerateRequest, PromptMessage } from '../../shared/engine/messages.ts'
import { ask, demoModelPath, loadRequest, supervise } from './test-engine.ts'

const { supervisor } = supervise()
const poem = '晨光落在山坡上，\n羊驼低头吃青草。\n风从远处慢慢来，\n带走昨夜的烦恼。'
const rhyme =
  'A quiet hill, a morning breeze,\nan alpaca walks among the trees.\n' +
  'The sun comes up, the fields turn gold,\nand day begins as days of old.'

beforeAll(async () => {
  await supervisor.load(loadRequest(demoModelPath, { slots: 2 }))
})
afterAll(() => supervisor.unload())

/** When each answer began and ended, and what it said. */
async function generate(request: GenerateRequest) {
  let text = ''
  let startedAt = 0
  const result = await supervisor.generate(request, {
    onText: (piece) => {
      startedAt ||= performance.now()
      text += piece
    },
  })
  return { result, text, startedAt, endedAt: performance.now() }
}

test('two requests are answered at the same time, each word for word; a third one waits', async () => {
  const [first, second, third] = await Promise.all([
    generate(ask('写一首短诗。')),
    generate(ask('Write a short poem.')),
    generate(ask('1+1等于几？')),
  ])
  expect([first.text, second.text, third.text]).toEqual([poem, rhyme, '1 + 1 = 2。'])
  expect(first.startedAt).toBeLessThan(second.endedAt)
  expect(second.startedAt).toBeLessThan(first.endedAt)
  expect(third.endedAt).toBeGreaterThan(Math.min(first.endedAt, second.endedAt))
})

test('the next turn of a chat gets the slot that holds it', async () => {
  const questions = ['你好', 'Hello']
  const first = await Promise.all(questions.map((question) => generate(ask(question))))
  for (const [index, question] of questions.entries()) {
    const { text, result } = first[index]!
    const history: PromptMessage[] = [
      { role: 'user', text: question },
      { role: 'assistant', text },
    ]
    const next = await generate(ask('What are you?', history))
    expect(next.result.cachedTokens).toBe(result.promptTokens + result.answerTokens + 1)
  }
})

test('measuring waits until all answers are over, and later answers wait for it', async () => {
  const order: string[] = []
  const note = (name: string) => () => void order.push(name)
  const begun = Promise.withResolvers<void>()
  const answer = supervisor.generate(ask('写一首短诗。'), { onText: () => begun.resolve() }).then(note('answer'))
  await begun.promise
  const measurement = supervisor.measureThreads([1]).then(note('measurement'))
  await Promise.all([answer, measurement, generate(ask('你好')).then(note('later answer'))])
  expect(order).toEqual(['answer', 'measurement', 'later answer'])
})
