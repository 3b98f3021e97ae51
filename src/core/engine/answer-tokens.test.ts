/** The probabilities of an answer's tokens, from a real engine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { ask, demoModelPath, loadRequest, randomModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼　tokens '))
const { supervisor } = supervise()
afterEach(() => supervisor.unload())
afterAll(() => rmSync(folder, { recursive: true }))

async function answer(question: string, maxTokens: number | null = null) {
  let text = ''
  const request = ask(question, [], { maxTokens })
  const result = await supervisor.generate(request, { onText: (piece) => void (text += piece) })
  return { text, result, prompt: request.prompt }
}

// Bug: probabilities of the wrong place, of a cut list of candidates, or of another cutting of the answer.
test('the tokens of an answer are those that were written, each with its probability and its rivals', async () => {
  const path = randomModel(join(folder, 'r.gguf'))
  await supervisor.load(loadRequest(path, { contextSize: 512 }))
  const { text, result, prompt } = await answer('tadu', 100)
  const tokens = await supervisor.answerTokens({ prompt, answer: text, choiceCount: 5 })
  expect(tokens).toHaveLength(result.answerTokens)
  expect(tokens.map((token) => token.text).join('')).toBe(text)
  for (const { text, probability, choices } of tokens) {
    expect(choices).toHaveLength(5)
    expect(choices[0]).toEqual({ text, probability })
    expect(choices.map((choice) => choice.probability)).toEqual(
      choices.map((choice) => choice.probability).sort((a, b) => b - a),
    )
  }
  const [all] = await supervisor.answerTokens({ prompt, answer: text, choiceCount: 2000 })
  expect(all!.choices.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 4)
  const none = await supervisor.answerTokens({ prompt, answer: text, choiceCount: 0 })
  expect(none.map(({ probability }) => probability)).toEqual(tokens.map(({ probability }) => probability))
  expect(none[0]!.choices).toEqual([])
})

// Bug: looking at an answer costs the chat its cache, so that the next turn reads everything again.
test('the cache holds prompt and answer afterwards', async () => {
  const path = randomModel(join(folder, 'r.gguf'))
  await supervisor.load(loadRequest(path, { contextSize: 1024 }))
  const question = 'tadu nore '.repeat(40)
  const { text, result, prompt } = await answer(question, 30)
  await supervisor.answerTokens({ prompt, answer: text, choiceCount: 3 })
  const next = ask('more', [{ role: 'user', text: question }, { role: 'assistant', text }], { maxTokens: 2 })
  expect((await supervisor.generate(next)).cachedTokens).toBe(result.promptTokens + result.answerTokens)
  // An answer the cache knows nothing of is read by itself, behind the prompt that is there.
  const other = await supervisor.answerTokens({ prompt, answer: 'nore tadu', choiceCount: 1 })
  expect(other.map((token) => token.text).join('')).toBe('nore tadu')
  expect((await supervisor.generate(ask(question, [], { maxTokens: 2 }))).cachedTokens).toBe(result.promptTokens - 1)
})

test('a trained model is sure of what it says, and half characters are told by their bytes', async () => {
  await supervisor.load(loadRequest(demoModelPath, { contextSize: 512 }))
  const { text, prompt } = await answer('你是谁？')
  const tokens = await supervisor.answerTokens({ prompt, answer: text, choiceCount: 4 })
  expect(tokens.reduce((sum, { probability }) => sum + probability, 0) / tokens.length).toBeGreaterThan(0.7)
  const rare = await supervisor.answerTokens({ prompt, answer: '龘🦙', choiceCount: 1 })
  expect(rare.map((token) => token.text).join('')).toMatch(/^(\\x[0-9A-F]{2}|龘|🦙)+$/)
  expect(rare.length).toBeGreaterThan(2)
})

test('a completion’s answer keeps its first space', async () => {
  await supervisor.load(loadRequest(randomModel(join(folder, 'r.gguf')), { contextSize: 512 }))
  const tokens = await supervisor.answerTokens({ prompt: { text: 'tadu' }, answer: ' nore', choiceCount: 1 })
  expect(tokens.map((token) => token.text).join('')).toBe(' nore')
})

test('an answer that does not fit the context is refused', async () => {
  await supervisor.load(loadRequest(randomModel(join(folder, 'r.gguf')), { contextSize: 256 }))
  const { prompt } = ask('tadu')
  await expect(
    supervisor.answerTokens({ prompt, answer: 'tadu nore '.repeat(300), choiceCount: 1 }),
  ).rejects.toMatchObject({ code: 'PROMPT_TOO_LONG', data: { contextSize: 256 } })
})

test('it is stopped at once, with what was read, and the engine goes on', async () => {
  const path = randomModel(join(folder, 'slow.gguf'), { dim: 512, layers: 8, heads: 8, context: 4096, vocabularySize: 8000 })
  await supervisor.load(loadRequest(path, { contextSize: 2048 }))
  const stop = new AbortController()
  const { prompt } = ask('tadu')
  const reading = supervisor.answerTokens({ prompt, answer: 'tadu nore '.repeat(400), choiceCount: 3 }, stop.signal)
  await new Promise((resume) => setTimeout(resume, 700))
  stop.abort()
  const tokens = await reading
  expect(tokens.length).toBeGreaterThan(0)
  expect(tokens.length).toBeLessThan(800)
  expect((await supervisor.generate(ask('tadu', [], { maxTokens: 3 }))).answerTokens).toBe(3)
}, 60_000)
