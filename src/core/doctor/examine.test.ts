import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findingCodes, findingSchema, type Finding } from '../../shared/contract/doctor.ts'
import type { InspectResult } from '../../shared/engine/messages.ts'
import { examine, type Patient } from './examine.ts'

const llama3Marks = ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>']

function patient(
  facts: Partial<Omit<InspectResult, 'chat'>>,
  chat: Partial<NonNullable<InspectResult['chat']>> = {},
  rest: Partial<Omit<Patient, 'facts'>> = {},
): Patient {
  return {
    name: 'model',
    repository: null,
    loadOverrides: {},
    setKind: null,
    ...rest,
    facts: {
      type: 'model',
      name: '',
      architecture: 'llama',
      parameterCount: 1,
      quantization: 'Q4_K_M',
      trainContextSize: 4096,
      hasChatTemplate: false,
      vocabularySize: 32000,
      vocabularyHash: 'x',
      paths: ['/模型/ggml-model-q4_k.gguf'],
      sizeBytes: 1,
      ...facts,
      chat: {
        template: null,
        tokenizer: 'llama',
        preTokenizer: null,
        bosText: '<s>',
        eosText: '</s>',
        addsBos: true,
        endTexts: ['</s>'],
        markerTexts: [],
        names: [],
        ...chat,
      },
    },
  }
}

const llama3 = {
  tokenizer: 'gpt2',
  preTokenizer: 'llama-bpe',
  bosText: '<|begin_of_text|>',
  eosText: '<|end_of_text|>',
  endTexts: ['<|end_of_text|>', '<|eot_id|>'],
  markerTexts: llama3Marks,
}

/** `outcome` of each finding, and those that are not good. */
function told(of: Patient) {
  const { kind, findings } = examine(of)
  const outcome = Object.fromEntries(findings.map((finding) => [finding.code, finding.outcome]))
  return { kind, outcome, family: findings[0]?.data.family, bad: findings.filter(({ grade }) => grade !== 'good') }
}

function fixOf(of: Patient, code: Finding['code']) {
  return examine(of).findings.find((finding) => finding.code === code)?.fix
}

describe('the families, as their makers publish the files', () => {
  test.each([
    ['hfl/chinese-alpaca-2-7b-gguf', 55296, {}, 'chat', 'Chinese-Alpaca-2'],
    ['hfl/chinese-llama-2-13b-16k-gguf', 55296, {}, 'base', 'Chinese-LLaMA-2'],
    ['someone/Chinese-Alpaca-Plus-7B', 49954, {}, 'chat', 'Chinese-Alpaca'],
    [null, 49953, {}, 'base', 'Chinese-LLaMA'],
    ['hfl/llama-3-chinese-8b-gguf', 128256, llama3, 'base', 'Llama-3-Chinese'],
    ['hfl/llama-3-chinese-8b-instruct-v3-gguf', 128256, llama3, 'chat', 'Llama-3-Chinese-Instruct'],
    ['meta-llama/Meta-Llama-3-8B', 128256, llama3, 'base', 'Llama 3'],
  ] as const)('%s', (repository, vocabularySize, chat, kind, family) => {
    const found = told(patient({ vocabularySize }, chat, { repository }))
    expect(found).toMatchObject({ kind, family, bad: [] })
  })

  test("the project's own name makes no base model a chat model", () => {
    const name = 'Chinese-LLaMA-Alpaca-2/chinese-llama-2-7b'
    expect(told(patient({ vocabularySize: 55296 }, {}, { name }))).toMatchObject({ kind: 'base', bad: [] })
  })

  test('shareAI V1 has marks of its own and is not spoken to as Llama 3 Instruct', () => {
    const chat = { ...llama3, eosText: '<|eot_id|>' }
    const of = (loadOverrides = {}) =>
      patient({ vocabularySize: 128256 }, chat, { repository: 'shareAI/Llama3-Chinese-chat-8b', loadOverrides })
    expect(told(of()).outcome).toMatchObject({ template: 'another' })
    const fix = fixOf(of(), 'template')
    expect(fix).toEqual({ loadOverrides: { template: { type: 'family', family: 'shareai-v1' } } })
    expect(told(of(fix?.loadOverrides))).toMatchObject({
      bad: [],
      outcome: { template: 'chosen', 'end-tokens': 'by-text' },
    })
  })
})

describe('findings', () => {
  test('Llama 3 without a pre-tokenizer loses its BOS too, and one click mends both', () => {
    const chat = { ...llama3, preTokenizer: null, addsBos: null }
    const of = (loadOverrides = {}) =>
      patient({ vocabularySize: 128256, name: 'Llama-3-Chinese-8B-Instruct' }, chat, { loadOverrides })
    expect(told(of()).bad.map(({ code, outcome }) => [code, outcome])).toEqual([
      ['bos-token', 'not-added'],
      ['pre-tokenizer', 'missing'],
    ])
    expect(told(of(fixOf(of(), 'pre-tokenizer')?.loadOverrides)).bad).toEqual([])
  })

  test('turns that end with something llama.cpp does not know get it as a stop text', () => {
    const template = "{% for m in messages %}<|im_start|>{{ m.content }}<|im_end|>{% endfor %}"
    const of = (loadOverrides = {}) => patient({ hasChatTemplate: true }, { template }, { loadOverrides })
    expect(fixOf(of(), 'end-tokens')).toEqual({ loadOverrides: { stopTexts: ['<|im_end|>'] } })
    expect(told(of({ stopTexts: ['<|im_end|>'] })).outcome['end-tokens']).toBe('stop-text')
    expect(told(of()).outcome.template).toBe('foreign-mark')
  })

  test('a file named after one family with the vocabulary of another is a problem', () => {
    const found = told(patient({ vocabularySize: 49953 }, {}, { repository: 'x/chinese-alpaca-2-7b' }))
    expect(found.bad.map(({ code }) => code)).toEqual(['template', 'vocabulary-size'])
  })

  test('a guess can be turned round, and stays as it was set', () => {
    const named = { name: 'Mistral-7B-v0.1' }
    expect(told(patient({}, {}, named))).toMatchObject({ kind: 'base', outcome: { kind: 'base-guessed' } })
    expect(fixOf(patient({}, {}, named), 'kind')).toEqual({ kind: 'chat' })
    expect(told(patient({}, {}, { ...named, setKind: 'chat' }))).toMatchObject({
      kind: 'chat',
      outcome: { kind: 'chat-set' },
    })
    const against = patient({ vocabularySize: 49954 }, {}, { setKind: 'base' })
    expect(examine(against).findings[1]).toMatchObject({ outcome: 'base-against-file', fix: { kind: 'chat' } })
  })
})

test('whatever a file says, it is examined, and a fix can be saved as it is', () => {
  const words = ['<s>', '', '<|eot_id|>', 'chinese-alpaca-2-7b', 'llama', 'gpt2', '{{']
  const word = fc.oneof(fc.string(), fc.constantFrom(...words))
  const maybe = fc.option(word)
  const chat = fc.record({
    template: maybe,
    tokenizer: word,
    preTokenizer: maybe,
    bosText: maybe,
    eosText: maybe,
    addsBos: fc.option(fc.boolean()),
    endTexts: fc.array(word),
    markerTexts: fc.array(word),
    names: fc.array(word),
  })
  const size = fc.oneof(fc.nat(), fc.constantFrom(0, 49953, 55296, 128256))
  const kind = fc.option(fc.constantFrom('chat' as const, 'base' as const))
  const stopTexts = fc.option(fc.array(fc.string({ minLength: 1 }), { maxLength: 16 }), { nil: undefined })
  fc.assert(
    fc.property(chat, size, word, maybe, kind, stopTexts, (facts, vocabularySize, name, repository, setKind, stops) => {
      const loadOverrides = { stopTexts: stops }
      const { findings } = examine(patient({ vocabularySize }, facts, { name, repository, setKind, loadOverrides }))
      expect(findings.map(({ code }) => code)).toEqual(findingCodes.filter((code) => code !== 'probe'))
      for (const finding of findings) findingSchema.parse(finding)
    }),
  )
  expect(examine({ ...patient({}), facts: { ...patient({}).facts, chat: null } }).findings).toEqual([])
})
