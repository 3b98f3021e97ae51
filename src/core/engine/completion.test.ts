/** A text is continued as it stands: no template, one BOS, no space lost, and nothing read twice. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GenerateRequest } from '../../shared/engine/messages.ts'
import { defaultSampling } from '../../shared/lib/sampling.ts'
import { ask, demoModelPath, loadRequest, randomModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼 续写　'))
afterAll(() => rmSync(folder, { recursive: true }))

function continued(text: string, maxTokens: number): GenerateRequest {
  return { prompt: { text }, sampling: { ...defaultSampling, temperature: 0, repeatPenalty: 1, maxTokens } }
}

describe.each([
  ['the demo model', () => demoModelPath, ['羊驼是', 'The data']],
  ['a SentencePiece base model', () => randomModel(join(folder, 'base.gguf')), ['tadu nore', '从前有', ' sita ']],
])('with %s', (_, path, beginnings) => {
  const { supervisor } = supervise()
  beforeAll(() => supervisor.load(loadRequest(path(), { contextSize: 1024 })))
  afterAll(() => supervisor.unload())

  async function generate(request: GenerateRequest) {
    let text = ''
    const result = await supervisor.generate(request, { onText: (piece) => void (text += piece) })
    return { text, ...result }
  }

  test.each(beginnings)('%j goes on in two steps as in one, and reads no token twice', async (beginning) => {
    const whole = await generate(continued(beginning, 24))
    const first = await generate(continued(beginning, 9))
    expect(whole.text.startsWith(first.text)).toBe(true)
    const text = beginning + first.text
    const second = await generate(continued(text, 24 - first.answerTokens))
    expect(first.text + second.text).toBe(whole.text)
    // All but the last token, from which the next one is drawn.
    expect(second.cachedTokens).toBe(first.promptTokens + first.answerTokens - 1)
    expect(second.promptTokens).toBe(second.cachedTokens + 1)
    const third = await generate(continued(`${text}${second.text}, 再`, 1))
    expect(third.cachedTokens).toBeGreaterThanOrEqual(second.promptTokens + second.answerTokens - 1)
  })

  test('a text of nothing is a BOS, and typed control tokens are words', async () => {
    expect(await supervisor.countPrompt({ text: '' })).toMatchObject({ promptTokens: 1 })
    const typed = await supervisor.countPrompt({ text: '<s><|begin_of_text|>' })
    expect(typed!.promptTokens).toBeGreaterThan(4)
  })
})

test('a continuation keeps the space it begins with, and stop texts of the settings end it', async () => {
  const { supervisor } = supervise()
  const path = randomModel(join(folder, 'spaces.gguf'))
  await supervisor.load(loadRequest(path))
  const textOf = async (request: GenerateRequest) => {
    let text = ''
    await supervisor.generate(request, { onText: (piece) => void (text += piece) })
    return text
  }
  const words = ['tadu', 'nore', 'sita', 'lo', 'ka', 'mi']
  const texts: string[] = []
  for (const word of words) texts.push(await textOf(continued(word, 6)))
  expect(texts.some((text) => text.startsWith(' '))).toBe(true)
  for (const word of words) expect(await textOf(ask(word, [], { maxTokens: 3 }))).not.toMatch(/^ \S/)

  const stopText = texts[0]!.slice(-3)
  await supervisor.load(loadRequest(path, { stopTexts: [stopText] }))
  expect(await textOf(continued(words[0]!, 6))).toBe(texts[0]!.slice(0, texts[0]!.indexOf(stopText)))
  await supervisor.unload()
})
