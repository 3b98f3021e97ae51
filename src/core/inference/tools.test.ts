import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InferenceEvent, InferenceRequestInput, Tool, ToolChoice } from '../../shared/contract/inference.ts'
import { endOf, startInference, textOf, type TestInference } from './inference.fixture.ts'

let core: TestInference

beforeAll(async () => void (core = await startInference({ apiLogsPrompts: true })))
afterAll(() => core.close())

const unit = { enum: ['摄氏', '华氏'] }
const weather: Tool = {
  name: '天气',
  description: '某地的天气',
  parameters: { type: 'object', properties: { unit, day: { type: 'integer' } }, required: ['unit'] },
}
const ping: Tool = { name: 'ping', description: '', parameters: {} }

function asking(toolChoice: ToolChoice, sampling: InferenceRequestInput['sampling'] = {}): InferenceRequestInput {
  const messages = [{ role: 'user' as const, text: '北京的天气怎么样？' }]
  const prompt = { type: 'chat' as const, messages, tools: [weather, ping], toolChoice }
  return { prompt, sampling: { maxTokens: 300, ...sampling } }
}

/** The calls as a client puts them together. */
function callsOf(events: InferenceEvent[]) {
  const calls: { id: string; name: string; arguments: string }[] = []
  for (const event of events) {
    if (event.type === 'tool-call') calls[event.index] = { id: event.id, name: event.name, arguments: '' }
    if (event.type === 'tool-arguments') calls[event.index]!.arguments += event.text
  }
  return calls
}

// An agent that needs a call would get a sentence, or arguments that its own check refuses.
test('a tool that must be called is called with arguments that fit', async () => {
  const events = await core.ask(asking({ type: 'tool', name: '天气' }, { temperature: 1, seed: 3 }))
  const calls = callsOf(events)
  expect(calls.length).toBeGreaterThan(0)
  for (const call of calls) {
    expect(call.name).toBe('天气')
    expect(call.id).toMatch(/^call_\w{24}$/)
    expect(unit.enum).toContain((JSON.parse(call.arguments) as { unit: string }).unit)
  }
  expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length)
  expect(textOf(events)).toBe('')
  expect(endOf(events).reason).toBe('tool-calls')
})

// What an answer says before its call would be lost or said twice; or the call come as text.
test('a free answer that begins a call goes on as one', async () => {
  // Makes the model write what one that knows tools writes by itself.
  const source = String.raw`root ::= "好。\n\n<tool_call>" [a-z]*`
  const events = await core.ask(asking({ type: 'auto' }, { answerFormat: { type: 'grammar', source } }))
  expect(textOf(events)).toBe('好。')
  expect(callsOf(events).length).toBeGreaterThan(0)
  const { reason, stopText, usage } = endOf(events)
  expect({ reason, stopText }).toEqual({ reason: 'tool-calls', stopText: null })
  expect(usage.answerTokens).toBeGreaterThan(10)
  const [entry] = (await core.activity.log.watch({ keptToo: true }).next()).value!.slice(-1)
  expect(entry!.answer.startsWith('好。\n\n<tool_call>\n{"name": "')).toBe(true)
  expect(entry!.prompt).toContain('<tools>')
  expect(entry!.outcome).toBe('tool-calls')
})

// An agent that is to answer in JSON at the end could never call a tool on the way.
test('with an answer format the answer is in that format or a call', async () => {
  const schema = JSON.stringify({ type: 'object', properties: { 'a"b': { enum: [1] } } })
  const kinds = new Set<string>()
  for (let seed = 0; seed < 60 && kinds.size < 2; seed++) {
    const values = { temperature: 2, topK: 0, topP: 1, seed, answerFormat: { type: 'json-schema' as const, schema } }
    const events = await core.ask(asking({ type: 'auto' }, values))
    const { reason } = endOf(events)
    kinds.add(reason)
    if (reason === 'stop') expect(JSON.parse(textOf(events))).toEqual({ 'a"b': 1 })
    if (reason === 'tool-calls') expect(textOf(events)).toBe('')
    for (const { arguments: json } of reason === 'tool-calls' ? callsOf(events) : []) JSON.parse(json)
  }
  expect(kinds).toEqual(new Set(['stop', 'tool-calls']))
})

// A model that was not asked for tools would be told of them, or bound to them.
test('without a call the answer is text', async () => {
  const [none, auto] = [await core.ask(asking({ type: 'none' })), await core.ask(asking({ type: 'auto' }))]
  for (const events of [none, auto]) {
    expect(callsOf(events)).toEqual([])
    expect(textOf(events)).not.toBe('')
  }
  expect(endOf(none).usage.promptTokens).toBeLessThan(endOf(auto).usage.promptTokens)
})

// A call that breaks off would seem to be whole.
test('a call that reaches the limit ends by length', async () => {
  const events = await core.ask(asking({ type: 'required' }, { maxTokens: 4 }))
  expect(endOf(events)).toMatchObject({ reason: 'length', usage: { answerTokens: 4 } })
})

// The model would not know what it called, and what came of it.
test('calls of earlier turns and their results are read', async () => {
  const messages = [
    { role: 'user' as const, text: '天气？' },
    { role: 'assistant' as const, text: '', toolCalls: [{ id: 'a', name: '天气', arguments: '{"unit": "摄氏"}' }] },
    { role: 'tool' as const, text: '21 度', toolCallId: 'a' },
  ]
  await core.ask({ prompt: { type: 'chat', messages, tools: [weather] }, sampling: { maxTokens: 5 } })
  const [entry] = (await core.activity.log.watch({ keptToo: true }).next()).value!.slice(-1)
  expect(entry!.prompt).toContain('<tool_call>\n{"name": "天气", "arguments": {"unit": "摄氏"}}\n</tool_call>')
  expect(entry!.prompt).toContain('<tool_response>\n21 度\n</tool_response>')
})

// Of an answer stopped amid its call, the rest would be written for nobody.
test('an abort in the middle of a call stops it', async () => {
  const abort = new AbortController()
  const types: string[] = []
  for await (const event of core.stream(asking({ type: 'required' }), abort.signal)) {
    types.push(event.type)
    if (event.type === 'tool-call') abort.abort()
  }
  expect(types.at(-1)).toBe('tool-call')
  await expect.poll(() => core.activity.now().requests).toEqual([])
})
