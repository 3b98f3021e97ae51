/** Classifier-free guidance on a real engine, held against the probabilities of both readings. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PromptMessage } from '../../shared/engine/messages.ts'
import { defaultSampling, type Sampling } from '../../shared/lib/sampling.ts'
import { ask, demoModelPath, loadRequest, randomModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼　guidance '))
const { supervisor, processes } = supervise()
/** Small enough that every token is weighed. */
const vocabularySize = 900
const plain: Sampling = { ...defaultSampling, temperature: 0, topK: 0, topP: 1, repeatPenalty: 1, maxTokens: 40 }
const [wanted, unwanted] = ['tadu nore', 'sita peku vo'].map((text): PromptMessage => ({ role: 'system', text }))

afterAll(() => rmSync(folder, { recursive: true }))

function messagesOf(question: string, system: PromptMessage | undefined = wanted): PromptMessage[] {
  return [...(system ? [system] : []), { role: 'user', text: question }]
}

async function answer(question: string, sampling: Partial<Sampling>, answerStart?: string) {
  let text = ''
  const result = await supervisor.generate(
    { prompt: { messages: messagesOf(question), answerStart }, sampling: { ...plain, ...sampling } },
    { onText: (piece) => void (text += piece) },
  )
  return { text, result }
}

const guided = { guidanceScale: 2, negativePrompt: unwanted!.text }

describe('with every token weighed', () => {
  beforeAll(async () => {
    // Its first words keep their space, so that each token has a text of its own.
    const path = randomModel(join(folder, '随机.gguf'), { vocabularySize, vocabulary: 'bpe' })
    await supervisor.load(loadRequest(path, { contextSize: 512 }))
  })
  afterAll(() => supervisor.unload())

  // Bug: the wrong way round, the wrong scale, or the negative prompt in the wrong place.
  test('an answer takes what is likeliest by unwanted + scale × (wanted − unwanted)', async () => {
    const firstChoices = async (question: string, system: PromptMessage | undefined) => {
      const prompt = { messages: messagesOf(question, system) }
      const [first] = await supervisor.answerTokens({ prompt, answer: 'x', choiceCount: vocabularySize })
      return new Map(first!.choices.map(({ text, probability }) => [text, Math.log(probability)]))
    }
    let changed = 0
    for (const question of ['nore', 'tadu', 'peku sita', 'vo', 'rane', 'tiku mo', 'hello', 'lama']) {
      const away = await firstChoices(question, unwanted)
      const liked = await firstChoices(question, wanted)
      const best = (scale: number) => {
        const scores = [...liked].map(([text, value]) => [text, value * scale - away.get(text)! * (scale - 1)] as const)
        return scores.reduce((a, b) => (b[1] > a[1] ? b : a))[0]
      }
      for (const guidanceScale of [1.5, 3, 400]) {
        const { text } = await answer(question, { ...guided, guidanceScale, maxTokens: 1 })
        expect(text).toBe(best(guidanceScale))
      }
      if (best(400) !== best(1)) changed++
    }
    expect(changed).toBeGreaterThan(2)
  })

  // Bug: one of the two caches falls behind the other.
  test('an answer made at once is the one made token by token', async () => {
    const far = { ...guided, guidanceScale: 20 }
    const { text: whole } = await answer('nore', { ...far, maxTokens: 5 })
    let text = ''
    for (let count = 0; count < 5; count++) text += (await answer('nore', { ...far, maxTokens: 1 }, text)).text
    expect(text).toBe(whole)
    expect(whole).not.toBe((await answer('nore', { maxTokens: 5 })).text)
  })

  // Bug: the sampler that guidance brings along is not llama.cpp's.
  test.each([
    {},
    { repeatPenalty: 1.3, penaltyWindow: 20 },
    { presencePenalty: 0.4, frequencyPenalty: -0.1, penaltyWindow: 12 },
    { dryMultiplier: 1.5 },
    { dryMultiplier: 0.05, dryBase: 3, dryAllowedLength: 4, dryLastTokens: 50 },
    { xtcProbability: 1, xtcThreshold: 0.004 },
    { stopTexts: ['t'] },
  ] as Partial<Sampling>[])('guidance that pushes nowhere changes nothing: %j', async (sampling) => {
    const expected = await answer('nore', { ...sampling, maxTokens: 80 })
    const nowhere = { ...guided, guidanceScale: 1.000001 }
    expect(await answer('nore', { ...sampling, ...nowhere, maxTokens: 80 })).toMatchObject({
      text: expected.text,
      result: { stopReason: expected.result.stopReason, answerTokens: expected.result.answerTokens },
    })
  })

  test('the seed decides above temperature 0', async () => {
    const sampling = { ...guided, temperature: 1, topK: 20, topP: 0.9, minP: 0.1 }
    const first = await answer('nore', { ...sampling, seed: 1 })
    expect((await answer('nore', { ...sampling, seed: 1 })).text).toBe(first.text)
    expect((await answer('nore', { ...sampling, seed: 2 })).text).not.toBe(first.text)
  })

  test('a grammar holds, and drafts step back', async () => {
    const answerFormat = { type: 'grammar', source: 'root ::= "羊" [0-9]{4} "驼"' } as const
    const { text, result } = await answer('nore', { ...guided, answerFormat, temperature: 1 })
    expect(text).toMatch(/^羊\d{4}驼$/)
    expect(result.stopReason).toBe('end')
  })

  test('without a difference, without a place for it, or at 1 nothing is guided', async () => {
    const expected = (await answer('nore', {})).text
    expect((await answer('nore', { ...guided, guidanceScale: 1 })).text).toBe(expected)
    expect((await answer('nore', { guidanceScale: 3, negativePrompt: wanted!.text })).text).toBe(expected)
    const complete = async (sampling: Partial<Sampling>) => {
      let text = ''
      const request = { prompt: { text: 'tadu nore' }, sampling: { ...plain, ...sampling } }
      await supervisor.generate(request, { onText: (piece) => void (text += piece) })
      return text
    }
    expect(await complete(guided)).toBe(await complete({}))
  })

  test('the next turn finds both caches as the answer left them', async () => {
    const { text, result } = await answer('nore', guided)
    const messages = [...messagesOf('nore'), { role: 'assistant' as const, text }, { role: 'user' as const, text: 'vo' }]
    const reads: number[] = []
    const next = await supervisor.generate(
      { prompt: { messages }, sampling: { ...plain, ...guided, maxTokens: 2 } },
      { onPromptProgress: (_, total) => reads.push(total) },
    )
    const unread = next.promptTokens - next.cachedTokens
    expect(next.cachedTokens).toBe(result.promptTokens + result.answerTokens)
    // Both readings together.
    expect(reads[0]).toBeLessThan(2 * unread + 4)
  })

  test('a prompt that only the negative one makes too long is refused, and a full second context ends the answer', async () => {
    const long = 'tadu nore '.repeat(300)
    await expect(answer('nore', { ...guided, negativePrompt: long })).rejects.toMatchObject({
      code: 'PROMPT_TOO_LONG',
      data: { contextSize: 512 },
    })
    const middle = 'tadu nore '.repeat(110)
    const { result } = await answer('nore', { ...guided, negativePrompt: middle, maxTokens: null })
    expect(result.stopReason).toBe('context-full')
    expect(result.promptTokens + result.answerTokens).toBeLessThan(500)
    expect((await answer('nore', {})).result.stopReason).toBe('max-tokens')
    expect(processes).toHaveLength(1)
  })
})

test('an answer is stopped while either prompt is read, and while it is written', async () => {
  const path = randomModel(join(folder, 'slow.gguf'), { dim: 512, layers: 8, heads: 8, context: 4096, vocabularySize: 8000 })
  await supervisor.load(loadRequest(path, { contextSize: 2048 }))
  const stopAfter = async (request: Parameters<typeof supervisor.generate>[0], event: 'prompt' | 'text') => {
    const stop = new AbortController()
    let stoppedAt = 0
    const end = () => {
      if (stoppedAt === 0) stoppedAt = performance.now()
      stop.abort()
    }
    const result = await supervisor.generate(request, {
      signal: stop.signal,
      onPromptProgress: (read) => read > 0 && event === 'prompt' && end(),
      onText: () => event === 'text' && end(),
    })
    expect(result.stopReason).toBe('stopped')
    return performance.now() - stoppedAt
  }
  const sampling = { ...plain, ...guided, maxTokens: null }
  const long = { prompt: { messages: messagesOf('tadu nore '.repeat(150)) }, sampling }
  expect(await stopAfter(long, 'prompt')).toBeLessThan(250)
  const short = { prompt: { messages: messagesOf('vo') }, sampling }
  expect(await stopAfter(short, 'text')).toBeLessThan(250)
  expect((await answer('vo', { ...guided, maxTokens: 3 })).result.answerTokens).toBe(3)
  await supervisor.unload()
}, 60_000)

test('the demo model answers in whole characters when it is guided', async () => {
  await supervisor.load(loadRequest(demoModelPath, { contextSize: 512, draft: { type: 'lookup' } }))
  let text = ''
  const { prompt } = ask('你好')
  const sampling = { ...plain, guidanceScale: 1.2, negativePrompt: '你是一个没有礼貌的助手。' }
  const result = await supervisor.generate({ prompt, sampling }, { onText: (piece) => void (text += piece) })
  expect(result).toMatchObject({ draft: null })
  expect(text.length).toBeGreaterThan(1)
  expect(text.isWellFormed()).toBe(true)
  await supervisor.unload()
})
