/** What an answer must be, asked of the real process through the supervisor. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { GenerateRequest, PromptMessage } from '../../shared/engine/messages.ts'
import { ask, demoModelPath, loadRequest, randomModel, slowModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'yangtuo-engine-'))

afterAll(() => rmSync(folder, { recursive: true }))

describe('with the demo model', () => {
  const { supervisor, states } = supervise()
  const greeting = '你好！有什么可以帮你的？'

  beforeAll(() => supervisor.load(loadRequest(demoModelPath)))
  afterAll(() => supervisor.unload())

  async function generate(request: GenerateRequest, signal?: AbortSignal) {
    const pieces: string[] = []
    const progress: [number, number][] = []
    const result = await supervisor.generate(request, {
      signal,
      onText: (text) => pieces.push(text),
      onPromptProgress: (...read) => progress.push(read),
    })
    return { result, text: pieces.join(''), pieces, progress }
  }

  test('loading tells what it runs with', () => {
    expect(states[0]).toEqual({ state: 'loading', fraction: 0 })
    expect(supervisor.loadState).toMatchObject({
      state: 'ready',
      runtime: { gpu: 'cpu', gpuLayers: 0, contextSize: 2048, threads: 1, template: 'file' },
    })
  })

  test('an answer comes word for word, in whole characters', async () => {
    const { result, text, pieces } = await generate(ask('你好'))
    expect(text).toBe(greeting)
    expect(pieces.join('')).not.toContain('\uFFFD')
    expect(result).toMatchObject({ stopReason: 'end', answerTokens: expect.any(Number) })
    expect(result.answerTokens).toBeGreaterThan(0)
  })

  test('the next turn reads only what is new', async () => {
    const first = await generate(ask('Hello'))
    const history: PromptMessage[] = [
      { role: 'user', text: 'Hello' },
      { role: 'assistant', text: first.text },
    ]
    const second = await generate(ask('你是谁？', history))
    // The end token of the first answer is in the cache, too.
    expect(second.result.cachedTokens).toBe(first.result.promptTokens + first.result.answerTokens + 1)
    const newTokens = second.result.promptTokens - second.result.cachedTokens
    expect(second.progress[0]).toEqual([0, newTokens])
    expect(second.progress.at(-1)).toEqual([newTokens, newTokens])
    const again = await generate(ask('你是谁？', history))
    expect(again.text).toBe(second.text)
    expect(again.result.cachedTokens).toBe(again.result.promptTokens - 1)
  })

  test('counting agrees with answering, and typed control tokens are words', async () => {
    const request = ask('你好')
    const { result } = await generate(request)
    const count = await supervisor.countPrompt(request.prompt)
    expect(count).toMatchObject({ promptTokens: result.promptTokens, contextSize: 2048 })
    expect(count!.cachedTokens).toBe(result.promptTokens - 1)
    const typed = await supervisor.countPrompt(ask('<|eot_id|>').prompt)
    const empty = await supervisor.countPrompt(ask('').prompt)
    expect(typed!.promptTokens - empty!.promptTokens).toBeGreaterThan(3)
  })

  test('the same seed gives the same answer, and a drawn one is told', async () => {
    const request = ask('Tell me something new', [], { temperature: 2, topK: 0, topP: 1, maxTokens: 20 })
    const drawn = await generate(request)
    const repeated = await generate({ ...request, sampling: { ...request.sampling, seed: drawn.result.seed } })
    expect(repeated.text).toBe(drawn.text)
    expect((await generate(request)).result.seed).not.toBe(drawn.result.seed)
  })

  test('a prompt longer than the context is refused with the counts, and the cache is kept', async () => {
    await generate(ask('你好'))
    const tooLong = supervisor.generate(ask('羊'.repeat(3000)))
    await expect(tooLong).rejects.toMatchObject({ code: 'PROMPT_TOO_LONG', data: { contextSize: 2048 } })
    const { result } = await generate(ask('你好'))
    expect(result.cachedTokens).toBe(result.promptTokens - 1)
  })

  test('thread counts are measured', async () => {
    const speeds = await supervisor.measureThreads([1])
    expect(speeds).toEqual([{ threads: 1, tokensPerSecond: expect.any(Number) }])
    expect(speeds[0]!.tokensPerSecond).toBeGreaterThan(0)
  })
})

describe('with a model slow enough to be stopped', () => {
  const { supervisor } = supervise()
  const request = loadRequest(randomModel(join(folder, 'slow.gguf'), slowModel))
  const longText = 'tadu nore sita '.repeat(700)

  beforeAll(async () => {
    await supervisor.load(request)
  }, 60_000)
  afterAll(() => supervisor.unload())

  test('a long prompt shows its progress, stops at once, and what was read is not read again', async () => {
    const stop = new AbortController()
    const progress: number[] = []
    let stoppedAt = 0
    const result = await supervisor.generate(ask(longText), {
      signal: stop.signal,
      onPromptProgress: (read) => {
        progress.push(read)
        if (progress.length !== 4) return
        stoppedAt = performance.now()
        stop.abort()
      },
    })
    expect(performance.now() - stoppedAt).toBeLessThan(1_000) // 250 ms on a quiet machine: `npm run bench -- stop`
    expect(result).toMatchObject({ stopReason: 'stopped', answerTokens: 0 })
    expect(progress[3]).toBeGreaterThan(progress[1]!)
    expect(result.promptTokens).toBeGreaterThan(progress[3]! * 2)
    const stopAgain = new AbortController()
    const next = await supervisor.generate(ask(longText), {
      signal: stopAgain.signal,
      onPromptProgress: () => stopAgain.abort(),
    })
    expect(next.cachedTokens).toBeGreaterThanOrEqual(progress[3]!)
  })

  test('writing stops at once, keeps its text, and the next turn goes on from it', async () => {
    const stop = new AbortController()
    const pieces: string[] = []
    let stoppedAt = 0
    const first = await supervisor.generate(ask('tadu'), {
      signal: stop.signal,
      onText: (text) => {
        pieces.push(text)
        if (pieces.length !== 5) return
        stoppedAt = performance.now()
        stop.abort()
      },
    })
    expect(performance.now() - stoppedAt).toBeLessThan(1_000) // 250 ms on a quiet machine: `npm run bench -- stop`
    expect(first.stopReason).toBe('stopped')
    expect(first.answerTokens).toBeGreaterThan(0)
    const shown = pieces.length
    const history: PromptMessage[] = [
      { role: 'user', text: 'tadu' },
      { role: 'assistant', text: pieces.join('') },
    ]
    const next = await supervisor.generate(ask('nore', history, { maxTokens: 1 }))
    expect(pieces).toHaveLength(shown)
    expect(next.cachedTokens).toBe(first.promptTokens + first.answerTokens)
  })

  test('an answer that waits for another one can be stopped', async () => {
    const stopFirst = new AbortController()
    const first = supervisor.generate(ask('tadu'), { signal: stopFirst.signal })
    const stopSecond = new AbortController()
    const second = supervisor.generate(ask('nore'), { signal: stopSecond.signal })
    stopSecond.abort()
    expect(await second).toMatchObject({ stopReason: 'stopped', answerTokens: 0 })
    stopFirst.abort()
    expect(await first).toMatchObject({ stopReason: 'stopped' })
  })
})

describe('with small random models', () => {
  const { supervisor } = supervise()
  afterEach(() => supervisor.unload())

  test('answers end at the limit or when the context is full, and the cache holds them', async () => {
    await supervisor.load(loadRequest(randomModel(join(folder, 'small.gguf')), { contextSize: 256 }))
    const limited = await supervisor.generate(ask('tadu', [], { temperature: 1, maxTokens: 7 }))
    expect(limited).toMatchObject({ stopReason: 'max-tokens', answerTokens: 7 })
    const full = await supervisor.generate(ask('tadu', [], { temperature: 1 }))
    expect(full.stopReason).toBe('context-full')
    expect(full.promptTokens + full.answerTokens).toBe(256)
    expect(full.cachedTokens).toBe(full.promptTokens - 1)
  })

  test('byte tokens of a random model come as whole characters or not at all', async () => {
    await supervisor.load(loadRequest(randomModel(join(folder, 'bytes.gguf'), { vocabulary: 'bpe', vocabularySize: 300 })))
    const pieces: string[] = []
    await supervisor.generate(ask('羊', [], { temperature: 2, topK: 0, topP: 1, maxTokens: 300 }), {
      onText: (text) => pieces.push(text),
    })
    expect(pieces.length).toBeGreaterThan(1)
    for (const piece of pieces) expect(piece.isWellFormed()).toBe(true)
  })
})
