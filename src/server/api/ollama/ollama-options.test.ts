import { expect, it } from 'vitest'
import { contextSizeOf, formatSchema, keepAliveSchema, optionsOf, optionsSchema, samplingOf } from './ollama-options.ts'

const sampling = (options: object) => samplingOf(optionsSchema.parse(options))

it('takes the options of a request, and the nearest of what is out of range', () => {
  expect(
    sampling({
      temperature: 0,
      top_k: 20.9,
      top_p: '0.5',
      repeat_penalty: 0.5,
      repeat_last_n: -1,
      num_predict: 12,
      seed: 7,
      stop: ['a', ''],
      presence_penalty: 3,
      mirostat: 2,
      num_gpu: 99,
      min_p: null,
    }),
  ).toEqual({
    temperature: 0,
    topK: 20,
    topP: 0.5,
    repeatPenalty: 1,
    penaltyWindow: 8192,
    maxTokens: 12,
    seed: 7,
    stopTexts: ['a'],
    presencePenalty: 2,
  })
  expect(sampling({ num_predict: -2, seed: -1, stop: 'x' })).toEqual({ maxTokens: null, seed: null, stopTexts: ['x'] })
})

it('refuses what is no number', () => {
  expect(() => sampling({ temperature: 'hot' })).toThrow('must be a number')
  expect(() => sampling({ stop: 3 })).toThrow('must be a list of texts')
})

// Catches a model whose PARAMETER lines, as `show` tells them, make another model.
it('says values in the words that make them', () => {
  const values = { temperature: 0.2, maxTokens: null, stopTexts: ['<|eot_id|>', 'x'], seed: 3 }
  const lines = optionsOf(values, { contextSize: 4096 })
  const stop = lines.filter(([name]) => name === 'stop').map(([, value]) => value)
  const options = optionsSchema.parse({ ...Object.fromEntries(lines), stop })
  expect(samplingOf(options)).toEqual(values)
  expect(contextSizeOf(options)).toBe(4096)
})

// Catches a model that a program wants kept being unloaded at once, or the other way round.
it.each([
  [undefined, undefined],
  ['', undefined],
  [0, 0],
  ['0', 0],
  [-1, null],
  ['-1', null],
  ['-1m', null],
  [90, 90],
  ['5m', 300],
  ['1h30m', 5400],
  ['1.5h', 5400],
  ['250ms', 0.25],
  ['300', 300],
])('keep_alive %j is %j seconds', (keepAlive, seconds) => {
  expect(keepAliveSchema.parse(keepAlive)).toBe(seconds)
})

it.each(['soon', '5 m', '1h30', 'm', '-', true])('refuses keep_alive %j', (keepAlive) => {
  expect(keepAliveSchema.safeParse(keepAlive).success).toBe(false)
})

it('takes a format', () => {
  expect(formatSchema.parse(null)).toEqual({})
  expect(formatSchema.parse('')).toEqual({})
  expect(formatSchema.parse('json')).toEqual({ answerFormat: { type: 'json' } })
  const answerFormat = { type: 'json-schema', schema: '{"type":"object"}' }
  expect(formatSchema.parse({ type: 'object' })).toEqual({ answerFormat })
  expect(formatSchema.safeParse('xml').success).toBe(false)
})
