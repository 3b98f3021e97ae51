import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { InferenceEvent, InferenceRequestInput } from '../../shared/contract/inference.ts'
import { endOf, greedy, question, startInference, testClient, textOf, type TestInference } from './inference.fixture.ts'

let core: TestInference

beforeAll(async () => void (core = await startInference()))
afterAll(() => core.close())
afterEach(async () => {
  // Whatever a test does, nothing of it may go on.
  await expect.poll(() => core.activity.now().requests).toEqual([])
})

const answer = '我是羊驼自带的演示模型，只会回答少数几个问题。'
/** An answer that takes a second. */
const story = question('?', { sampling: { answerFormat: { type: 'grammar', source: 'root ::= ([a-z] [0-9]){900}' } } })
type Messages = Extract<InferenceRequestInput['prompt'], { type: 'chat' }>['messages']
const countOf = async (request: InferenceRequestInput) =>
  (await core.inference.countTokens(greedy(request), testClient, new AbortController().signal)).promptTokens
const chat = (messages: Messages, more: object = {}) => ({ prompt: { type: 'chat' as const, messages, ...more } })

// The whole way: loading on demand, template, BOS, text and figures.
test('a chat is answered word for word, with usage and times', async () => {
  const events = await core.ask(question('你是谁？', { model: 'Yangtuo-Demo' }))
  expect(textOf(events)).toBe(answer)
  const types = events.map(({ type }) => type)
  expect(types.indexOf('loading')).toBeLessThan(types.indexOf('start'))
  expect(types.filter((type) => type === 'start')).toHaveLength(1)
  expect(events.find(({ type }) => type === 'start')).toMatchObject({ model: 'yangtuo-demo', modelId: core.demo.id })
  const { usage, timings, reason, stopText } = endOf(events)
  expect({ reason, stopText }).toEqual({ reason: 'stop', stopText: null })
  expect(usage.promptTokens).toBeGreaterThan(5)
  expect(usage.answerTokens).toBeGreaterThan(5)
  expect(timings.loadMs).toBeGreaterThan(0)
  expect(timings.totalMs).toBeGreaterThanOrEqual(timings.promptMs + timings.answerMs)
  expect(await countOf(question('你是谁？'))).toBe(usage.promptTokens)
})

// A prefilled answer would begin anew, or be lost.
test('the last message of the assistant is gone on with', async () => {
  const messages: Messages = [{ role: 'user', text: '你是谁？' }, { role: 'assistant', text: '我是羊驼自带的演示模型，只会' }]
  expect(textOf(await core.ask(chat(messages)))).toBe('回答少数几个问题。')
})

// Each would be answered with the words of the other, or one would wait for the other.
test('two answers at the same time do not disturb each other', async () => {
  const [a, b] = await Promise.all([core.ask(question('你是谁？')), core.ask(question('What are you?'))])
  expect(textOf(a)).toBe(answer)
  expect(textOf(b)).toBe('I am the demo model of Yangtuo. I know only a few answers.')
})

// A limit would count as an end of the model's own, or a stop text be shown.
test('what ended an answer is told', async () => {
  const stopped = await core.ask(question('你是谁？', { sampling: { stopTexts: ['演示'] } }))
  expect(textOf(stopped)).toBe('我是羊驼自带的')
  expect(endOf(stopped)).toMatchObject({ reason: 'stop', stopText: '演示' })
  const cut = await core.ask(question('你是谁？', { sampling: { maxTokens: 3 } }))
  expect(endOf(cut)).toMatchObject({ reason: 'length', stopText: null, usage: { answerTokens: 3 } })
})

// The values that a person has set for the model would not count for programs, or count more than what they ask for.
test('a request counts over a derived model, and that over the preset of the model', async () => {
  const { presets, settings, derivedModels, demo } = core
  const preset = presets.create({ name: '短', systemPrompt: null, sampling: { maxTokens: 2 } })
  settings.update({ modelPresets: { [demo.id]: preset.id } })
  const derived = { modelId: demo.id, systemPrompt: '', modelfile: '', loadOverrides: {} }
  derivedModels.save({ ...derived, name: '三个', sampling: { maxTokens: 3 } })
  const tokens = async (request: Partial<InferenceRequestInput>) =>
    endOf(await core.ask(question('你是谁？', request))).usage.answerTokens
  expect(await tokens({})).toBe(2)
  expect(await tokens({ model: '三个:latest' })).toBe(3)
  expect(await tokens({ model: '三个', sampling: { maxTokens: 4 } })).toBe(4)
  settings.update({ modelPresets: {} })
})

// A system prompt of the model's would be doubled by that of the request, or never be used.
test('a system prompt of its own is used where the request has none', async () => {
  const { derivedModels, demo } = core
  const content = { modelId: demo.id, sampling: {}, modelfile: '', loadOverrides: {} }
  derivedModels.save({ ...content, name: 'poet', systemPrompt: 'You are {{model}}.' })
  const count = (model: string, messages: Messages) => countOf({ model, ...chat(messages) })
  const user = { role: 'user', text: '你好' } as const
  const filled = { role: 'system', text: `You are ${demo.name}.` } as const
  const other = { role: 'system', text: 'x' } as const
  expect(await count('poet', [user])).toBe(await count('', [filled, user]))
  expect(await count('poet', [other, user])).toBe(await count('', [other, user]))
})

// The same engine would answer for a model that was to have another context.
test('a derived model with load settings has an engine of its own', async () => {
  const { derivedModels, demo, models, inference } = core
  const content = { modelId: demo.id, systemPrompt: '', sampling: {}, modelfile: '' }
  const derived = derivedModels.save({ ...content, name: 'small', loadOverrides: { contextSize: 256 } })
  const isLoaded = () => inference.models().find(({ name }) => name === 'small')!.isLoaded
  expect(isLoaded()).toBe(false)
  expect(textOf(await core.ask(question('你是谁？', { model: 'small' })))).toBe(answer)
  expect(isLoaded()).toBe(true)
  expect(models.loaded(derived.id)!.loadState).toMatchObject({ runtime: { contextSize: 256 } })
})

const badGrammar = { answerFormat: { type: 'grammar' as const, source: '?' } }
const unknownTool = { toolChoice: { type: 'tool', name: 'x' } }

test.each<[string, InferenceRequestInput, object]>([
  ['a name that no model has', question('?', { model: 'gpt-4' }), { code: 'MODEL_UNKNOWN', data: { name: 'gpt-4' } }],
  ['no messages', chat([]), { code: 'REQUEST_INVALID' }],
  ['a prompt beyond the context', question('好'.repeat(5000)), { code: 'PROMPT_TOO_LONG' }],
  ['a grammar that is none', question('?', { sampling: badGrammar }), { code: 'GRAMMAR_INVALID' }],
  ['a tool that there is not', chat([{ role: 'user', text: '?' }], unknownTool), { code: 'REQUEST_INVALID' }],
])('%s is refused before the answer begins', async (_name, request, failure) => {
  const events: InferenceEvent[] = []
  const asking = async () => {
    for await (const event of core.stream(request)) events.push(event)
  }
  await expect(asking()).rejects.toMatchObject(failure)
  expect(events.map(({ type }) => type)).not.toContain('start')
})

// Requests of people who have gone would keep the machine busy and others waiting.
test('an abort ends the stream at once, in each phase, and gives everything back', async () => {
  for (const phase of ['nothing', 'loading', 'start', 'reading', 'text'] as const) {
    if (phase === 'loading') await core.models.unload(core.demo.id)
    const abort = new AbortController()
    const events = core.stream(story, abort.signal)
    let last: InferenceEvent | undefined
    if (phase === 'nothing') abort.abort()
    for await (last of events) if (last.type === phase) abort.abort()
    expect(last?.type ?? 'nothing').toBe(phase)
    await expect.poll(() => core.activity.now().requests).toEqual([])
    expect(textOf(await core.ask(question('你是谁？')))).toBe(answer)
  }
})

// Until the engine heard of it, tokens would be written for nobody.
test('the engine is told to stop in the same moment', async () => {
  const abort = new AbortController()
  const sent: string[] = []
  await core.ask(question('你好'))
  const engine = core.engines.at(-1)!
  const send = engine.send.bind(engine)
  engine.send = (request) => {
    sent.push(request.type)
    send(request)
  }
  for await (const event of core.stream(story, abort.signal)) {
    if (event.type !== 'text') continue
    expect(sent).not.toContain('stop')
    abort.abort()
    expect(sent).toContain('stop')
  }
})

// A program that breaks out of its loop without an abort would leave the answer running.
test('leaving the stream stops the answer', async () => {
  for await (const event of core.stream(story)) {
    if (event.type === 'text') break
  }
  await expect.poll(() => core.activity.now().requests).toEqual([])
})

// The stream would hang for ever, or end as if all were well; or the next request would fail too.
test('an engine that dies fails its answers, and the next request is served', async () => {
  const asking = async () => {
    for await (const event of core.stream(story)) {
      if (event.type === 'text') core.engines.at(-1)!.kill()
    }
  }
  await core.models.unload(core.demo.id)
  await core.ask(question('你是谁？'))
  await expect(asking()).rejects.toMatchObject({ code: 'ENGINE_CRASHED' })
  expect(textOf(await core.ask(question('你是谁？')))).toBe(answer)
})

// A model that was unloaded under an answer would seem to have finished it.
test('unloading the model in the middle fails the answer', async () => {
  const asking = async () => {
    for await (const event of core.stream(story)) {
      if (event.type === 'text') void core.models.unload(core.demo.id)
    }
  }
  await expect(asking()).rejects.toMatchObject({ code: 'ENGINE_CRASHED' })
})

// A reader that sleeps would fill the memory with thousands of events.
test('a slow reader is given what came meanwhile in one piece', async () => {
  const pieces: string[] = []
  for await (const event of core.stream(question('你是谁？'))) {
    if (event.type === 'text') pieces.push(event.text)
    if (event.type === 'start') await sleep(2000)
  }
  expect(pieces).toEqual([answer])
})
