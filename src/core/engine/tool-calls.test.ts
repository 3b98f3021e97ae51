import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tool } from '../../shared/contract/inference.ts'
import type { GenerateRequest } from '../../shared/engine/messages.ts'
import { ask, demoModelPath, loadRequest, supervise } from './test-engine.ts'

const { supervisor } = supervise()
beforeAll(async () => void (await supervisor.load(loadRequest(demoModelPath))))
afterAll(() => supervisor.unload())

type Parameters = Tool['parameters']

async function callsOf(tools: Record<string, Parameters>, seed: number) {
  const toolCalls = Object.entries(tools).map(([name, parameters]) => ({ name, parameters }))
  const asked = ask('你好', [], { temperature: 2, topK: 0, topP: 1, seed, maxTokens: 200 })
  const prompt = { ...asked.prompt, answerStart: '<tool_call>\n' } as GenerateRequest['prompt']
  let text = ''
  const { stopReason } = await supervisor.generate(
    { ...asked, prompt, toolCalls },
    { onText: (piece) => void (text += piece) },
  )
  if (stopReason !== 'end') return { text, calls: null }
  const blocks = `<tool_call>\n${text}`.split(/\n(?=<tool_call>)/)
  const calls = blocks.map((block) => {
    const json = /^<tool_call>\n(.*)\n<\/tool_call>$/s.exec(block)?.[1]
    if (json === undefined) throw new Error(`no call: ${block}`)
    return JSON.parse(json) as { name: string; arguments: Record<string, unknown> }
  })
  return { text, calls }
}

// A program would get arguments that its own check refuses, or that are no JSON.
test('whatever the model would rather say, it calls tools with arguments that fit', async () => {
  const unit = { enum: ['摄氏', 'a"[b]\\'] }
  const weather = { type: 'object', properties: { day: { type: 'boolean' }, unit } }
  const seen = new Set<string>()
  for (let seed = 0; seed < 100 && seen.size < 3; seed++) {
    const { calls } = await callsOf({ '天气': weather, 'no "arguments"': {} }, seed)
    for (const { name, arguments: given } of calls ?? []) {
      seen.add(name + Object.keys(given).join())
      if (name === 'no "arguments"') expect(given).toEqual({})
      else {
        expect([undefined, ...unit.enum]).toContain(given.unit)
        expect([undefined, true, false]).toContain(given.day)
      }
    }
  }
  expect(seen.size).toBeGreaterThanOrEqual(3)
})

// A tool with a pattern, or one that no grammar can say, could not be used at all.
test('what a schema says beyond grammars is left out, and the rest counts', async () => {
  const T = { enum: [1, 2] }
  const properties = { on: { type: 'boolean', pattern: 1 }, number: { $ref: '#/$defs/T' } }
  const one = { type: 'object', properties, required: ['number', 'on'], $defs: { T }, additionalProperties: false }
  let count = 0
  for (let seed = 0; seed < 12; seed++) {
    const { calls } = await callsOf({ one }, seed)
    for (const { arguments: given } of calls ?? []) {
      count++
      expect(Object.keys(given)).toEqual(['on', 'number'])
      expect(T.enum).toContain(given.number)
    }
  }
  expect(count).toBeGreaterThan(0)
  const { text } = await callsOf({ any: { anyOf: [{ not: {} }] } }, 1)
  expect(text.startsWith('{"name": "any", "arguments": {')).toBe(true)
})
