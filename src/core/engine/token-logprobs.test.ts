/** The probabilities of tokens while they are written, from a real engine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TokenLogprob } from '../../shared/contract/inference.ts'
import type { GenerateRequest } from '../../shared/engine/messages.ts'
import { ask, demoModelPath, loadRequest, randomModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼　logprobs '))
const { supervisor } = supervise()
afterAll(async () => {
  await supervisor.unload()
  rmSync(folder, { recursive: true })
})

async function answer(request: GenerateRequest) {
  const tokens: TokenLogprob[] = []
  /** Texts and tokens as they came. */
  const order: (string | TokenLogprob)[] = []
  let text = ''
  const result = await supervisor.generate(request, {
    onText: (piece) => {
      text += piece
      order.push(piece)
    },
    onToken: (token) => {
      tokens.push(token)
      order.push(token)
    },
  })
  return { text, tokens, order, ...result }
}

function textOf(tokens: TokenLogprob[]): string {
  return Buffer.from(tokens.flatMap(({ bytes }) => bytes)).toString()
}

const sampled = { temperature: 1.2, topK: 0, topP: 0.98, seed: 7, repeatPenalty: 1.3, presencePenalty: 0.5 }

describe('a random model', () => {
  beforeAll(() => supervisor.load(loadRequest(randomModel(join(folder, 'r.gguf')), { contextSize: 1024 })))

  // Bug: probabilities after temperature, penalties or top-k; of the wrong place; or another answer for looking at it.
  test.each([
    ['greedy', {}],
    ['drawn, with penalties', sampled],
  ])('%s: they are those that reading the answer again finds, and change nothing of it', async (_, sampling) => {
    const request = ask('tadu nore', [], { ...sampling, maxTokens: 60 })
    const plain = await answer(request)
    expect(plain.tokens).toEqual([])
    const weighed = await answer({ ...request, topLogprobs: 5 })
    expect(weighed.text).toBe(plain.text)
    expect(textOf(weighed.tokens)).toBe(plain.text)
    expect(weighed.tokens).toHaveLength(plain.answerTokens)
    const read = await supervisor.answerTokens({ prompt: request.prompt, answer: plain.text, choiceCount: 5 })
    // The text may be cut into other tokens than were drawn; up to there all is the same.
    const same = read.findIndex((token, index) => token.text !== weighed.tokens[index]?.text)
    expect(same === -1 || same > 5).toBe(true)
    for (const [index, { logprob, top }] of weighed.tokens.slice(0, same === -1 ? undefined : same).entries()) {
      const { probability, choices } = read[index]!
      expect(Math.exp(logprob)).toBeCloseTo(probability, 3)
      expect(top.map(({ text }) => text)).toEqual(choices.map(({ text }) => text))
      for (const [place, choice] of top.entries()) {
        expect(Math.exp(choice.logprob)).toBeCloseTo(choices[place]!.probability, 3)
      }
    }
    for (const { top, logprob } of weighed.tokens) {
      const sum = top.reduce((sum, choice) => sum + Math.exp(choice.logprob), 0)
      expect(sum).toBeLessThanOrEqual(1)
      expect(top.map((choice) => choice.logprob)).toEqual(top.map((choice) => choice.logprob).sort((a, b) => b - a))
      expect(logprob).toBeLessThanOrEqual(top[0]!.logprob)
    }
    if (sampling === sampled) expect(weighed.tokens.some(({ logprob, top }) => logprob < top[0]!.logprob)).toBe(true)
    else for (const { text, bytes, logprob, top } of weighed.tokens) expect(top[0]).toEqual({ text, bytes, logprob })
  })

  test('without rivals, only its own; and each token comes before its text', async () => {
    const { order, tokens, text } = await answer({ ...ask('tadu', [], { maxTokens: 40 }), topLogprobs: 0 })
    expect(tokens.every(({ top }) => top.length === 0)).toBe(true)
    let told = ''
    let shown = ''
    for (const item of order) {
      if (typeof item === 'string') shown += item
      else told += Buffer.from(item.bytes).toString()
      expect(told.startsWith(shown)).toBe(true)
    }
    expect(shown).toBe(text)
  })

  // Bug: a program is told of the tokens of a stop text, which it never sees.
  test('tokens of a stop text are not told of', async () => {
    const request = ask('tadu', [], { maxTokens: 40 })
    const whole = await answer(request)
    const stopText = whole.text.slice(20, 26)
    const cut = await answer({ ...ask('tadu', [], { maxTokens: 40, stopTexts: [stopText] }), topLogprobs: 2 })
    expect(cut).toMatchObject({ stopText, stopReason: 'end', text: whole.text.slice(0, whole.text.indexOf(stopText)) })
    const told = textOf(cut.tokens)
    expect(told.startsWith(cut.text)).toBe(true)
    // At most the rest of a token of which something is shown.
    expect(textOf(cut.tokens.slice(0, -1)).length).toBeLessThan(cut.text.length)
  })

  test('an answer under a grammar has the model’s own probabilities, and answers beside each other have theirs', async () => {
    const grammar = { type: 'grammar', source: 'root ::= [a-z ]{30}' } as const
    const request = ask('tadu', [], { answerFormat: grammar })
    const plain = await answer(request)
    const others = [ask('nore', [], { maxTokens: 50 }), ask('sita', [], { ...sampled, maxTokens: 50 })]
    const alone = await answer({ ...request, topLogprobs: 3 })
    const [beside] = await Promise.all([{ ...request, topLogprobs: 3 }, ...others].map(answer))
    expect(alone.text).toBe(plain.text)
    expect(beside!.text).toBe(plain.text)
    expect(beside!.tokens.map(({ text }) => text)).toEqual(alone.tokens.map(({ text }) => text))
    for (const [index, { logprob }] of beside!.tokens.entries()) {
      expect(logprob).toBeCloseTo(alone.tokens[index]!.logprob, 2)
    }
    // The grammar forbids what the model holds likeliest somewhere.
    expect(alone.tokens.some(({ logprob, top }) => logprob < top[0]!.logprob - 1e-6)).toBe(true)
  })

  test('guidance tells the probabilities of the conversation as it is', async () => {
    const history = [{ role: 'system' as const, text: 'nore' }]
    const request = ask('tadu', history, { guidanceScale: 1.5, negativePrompt: 'sita', maxTokens: 12 })
    const plain = await answer(request)
    const weighed = await answer({ ...request, topLogprobs: 2 })
    expect(weighed.text).toBe(plain.text)
    const read = await supervisor.answerTokens({ prompt: request.prompt, answer: plain.text, choiceCount: 2 })
    expect(Math.exp(weighed.tokens[0]!.logprob)).toBeCloseTo(read[0]!.probability, 2)
  })
})

test('half characters have their bytes, and a drafting model tells of each token too', async () => {
  await supervisor.load(loadRequest(demoModelPath, { contextSize: 512, draft: { type: 'lookup' } }))
  const request = { ...ask('你是谁？'), topLogprobs: 3 }
  const { tokens, text, draft } = await answer(request)
  expect(textOf(tokens)).toBe(text)
  expect(draft).toBeNull()
  const bias = await supervisor.inspectPrompt({ text: '🦙' })
  const [first, second] = bias!.tokens.slice(-4)
  const sampling = { ...request.sampling, maxTokens: 1 }
  const forced = await answer({ ...request, sampling, logitBias: { [first!.id]: 100 } })
  expect(first!.text).toMatch(/^\\x/)
  expect(second!.text).toMatch(/^\\x/)
  // Never a whole character, so nothing is shown and nothing is told.
  expect(forced).toMatchObject({ text: '', tokens: [], answerTokens: 1 })
})
