/** Answers that must be JSON, fit a schema or follow a grammar, from a real engine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnswerFormat, Sampling } from '../../shared/lib/sampling.ts'
import { ask, loadRequest, randomModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼　formats '))
const { supervisor, processes } = supervise()
/** A model of random weights follows no format by itself. */
const anything = { temperature: 1, topK: 0, topP: 1, maxTokens: 400 }
const grammar = (source: string): AnswerFormat => ({ type: 'grammar', source })
const schema = (value: unknown): AnswerFormat => ({ type: 'json-schema', schema: JSON.stringify(value) })

afterAll(() => rmSync(folder, { recursive: true }))

async function answer(answerFormat: AnswerFormat, sampling: Partial<Sampling> = {}, answerStart?: string) {
  let text = ''
  const { prompt, ...request } = ask('tadu', [], { ...anything, answerFormat, ...sampling })
  const result = await supervisor.generate(
    { ...request, prompt: { ...prompt, answerStart } },
    { onText: (piece) => void (text += piece) },
  )
  return { text, result }
}

describe.each(['spm', 'bpe'] as const)('with a vocabulary of the kind %s', (vocabulary) => {
  beforeAll(async () => {
    const path = randomModel(join(folder, `${vocabulary}.gguf`), { vocabulary })
    await supervisor.load(loadRequest(path, { contextSize: 1024 }))
  })
  afterAll(() => supervisor.unload())

  // Bug: an answer that is done cannot end, or begins with the space that the vocabulary begins words with.
  test('an answer follows its grammar and ends where that ends', async () => {
    for (const seed of [1, 2, 3]) {
      const { text, result } = await answer(grammar('root ::= "羊驼" [0-9]{3} "🦙"'), { seed })
      expect(text).toMatch(/^羊驼\d{3}🦙$/)
      expect(result.stopReason).toBe('end')
    }
    expect((await answer(grammar('root ::= "羊"'), { temperature: 0 })).text).toBe('羊')
  })

  test('JSON is JSON', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const { text, result } = await answer({ type: 'json' }, { seed })
      if (result.stopReason === 'end') expect(() => JSON.parse(text) as unknown).not.toThrow()
      else expect(text).toMatch(/^\s*["[{\d-]/)
    }
  })

  // Bug: the library lets such an answer end only behind four line breaks, and writes endless numbers.
  test('an answer fits its schema', async () => {
    const format = schema({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        名字: { type: 'string', minLength: 1, maxLength: 8 },
        年龄: { type: 'integer' },
        score: { type: ['number', 'null'] },
        kind: { enum: ['羊驼', 'llama', 3] },
        tags: { type: 'array', items: { anyOf: [{ type: 'boolean' }, { $ref: '#/$defs/pair' }] }, minItems: 1, maxItems: 3 },
      },
      required: ['名字', 'kind'],
      $defs: { pair: { type: 'array', prefixItems: [{ const: 'a' }, { type: 'null' }], minItems: 2, maxItems: 2 } },
    })
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { text, result } = await answer(format, { seed })
      expect(result.stopReason).toBe('end')
      const value = JSON.parse(text) as Record<string, unknown>
      expect(Object.keys(value)).toEqual(['名字', '年龄', 'score', 'kind', 'tags'])
      expect(Number.isInteger(value['年龄'])).toBe(true)
      expect(value.score === null || Number.isFinite(value.score)).toBe(true)
      expect(['羊驼', 'llama', 3]).toContain(value.kind)
      for (const tag of value.tags as unknown[]) {
        if (typeof tag !== 'boolean') expect(tag).toEqual(['a', null])
      }
      expect(String(value['名字']).length).toBeGreaterThan(0)
    }
  })

  // Bug: the grammar begins anew in the middle of the answer.
  test('an answer that goes on from a text goes on in the grammar, too', async () => {
    const format = grammar('root ::= "甲乙" [a-c]{2} "丙丁"')
    const { text, result } = await answer(format, {}, '甲乙b')
    expect(text).toMatch(/^[a-c]丙丁$/)
    expect(result.stopReason).toBe('end')
    await expect(answer(format, {}, '甲丙')).rejects.toMatchObject({
      code: 'GRAMMAR_INVALID',
      data: { detail: 'the answer so far does not fit' },
    })
  })

  test('the other sampling values hold with a grammar', async () => {
    const format = grammar('root ::= ("a" | "b" | "c"){9}')
    const same = await answer(format, { temperature: 0, presencePenalty: -2 })
    const other = await answer(format, { temperature: 0, presencePenalty: 2 })
    for (const { text } of [same, other]) expect(text).toMatch(/^[abc]{9}$/)
    expect(other.text).not.toBe(same.text)
  })
})

// Bug: a wrong grammar takes the engine down, or is silently left out.
describe('what cannot be used', () => {
  beforeAll(async () => {
    const path = randomModel(join(folder, 'r.gguf'))
    await supervisor.load(loadRequest(path, { contextSize: 512, draft: { type: 'lookup' } }))
  })
  afterAll(() => supervisor.unload())

  test.each([
    ['a typo', grammar('root ::= "a" | '.repeat(2)), 'line 1: expected the end of the line, found: ::= "a" | '],
    ['no root', grammar('wurzel ::= "a"'), 'there is no rule named root'],
    ['what never ends', grammar('root ::= "a"{5,2}'), 'line 1: repeated at least 5 and at most 2 times, found: {5,2}'],
    ['what aborts', grammar('root ::= "a" x\nx ::= y x\ny ::= z\nz ::= ""'), 'the rule root never ends'],
    ['no JSON', { type: 'json-schema', schema: '{' }, expect.stringContaining('JSON')],
    ['an unknown keyword', schema({ type: 'string', pattern: 'a+' }), '/: pattern is not supported here'],
    ['a schema that goes round', schema({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }), expect.any(String)],
  ] as [string, AnswerFormat, string][])('%s is refused before and in an answer', async (_, format, detail) => {
    const refusal = { code: 'GRAMMAR_INVALID', data: { detail } }
    await expect(supervisor.checkFormat(format)).rejects.toMatchObject(refusal)
    await expect(answer(format)).rejects.toMatchObject(refusal)
    expect((await answer({ type: 'text' }, { maxTokens: 3 })).result.answerTokens).toBe(3)
  })

  test('what can be used is let through', async () => {
    for (const format of [{ type: 'text' }, { type: 'json' }, grammar('root ::= "a"'), schema({})] as AnswerFormat[]) {
      await supervisor.checkFormat(format)
    }
  })

  // Bug: drafts are drawn without the grammar.
  test('drafting steps back for a grammar and for values it does not know', async () => {
    const { text, result } = await answer(grammar('root ::= [0-9]{8}'))
    expect(text).toMatch(/^\d{8}$/)
    expect(result.draft).toBeNull()
    for (const sampling of [{ dryMultiplier: 1 }, { xtcProbability: 0.5 }]) {
      expect((await answer({ type: 'text' }, { ...sampling, maxTokens: 4 })).result.draft).toBeNull()
    }
    expect((await answer({ type: 'text' }, { maxTokens: 4 })).result.draft).not.toBeNull()
    expect(processes).toHaveLength(3)
  })
})

