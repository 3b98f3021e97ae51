/** More requests than slots, what they share, and what happens to the others when one of them ends. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { GenerateRequest, PromptMessage } from '../../shared/engine/messages.ts'
import { ask, demoModelPath, loadRequest, randomModel, supervise } from './test-engine.ts'

const { supervisor, processes } = supervise()

async function generate(request: GenerateRequest, signal?: AbortSignal, onText: (text: string) => void = () => {}) {
  let text = ''
  const result = await supervisor.generate(request, {
    signal,
    onText: (piece) => {
      text += piece
      onText(text)
    },
  })
  return { ...result, text }
}

describe('with the demo model', () => {
  const questions = ['你好', 'Hello', '1+1等于几？', '写一首短诗。', 'Write a short poem.', 'What are you?', '谢谢', 'Thanks']
  let alone: string[]

  beforeAll(async () => {
    await supervisor.load(loadRequest(demoModelPath, { slots: 4 }))
    alone = []
    for (const question of questions) alone.push((await generate(ask(question))).text)
  })

  // Tokens of one answer in the cache of another would change its words.
  test('eight requests through four slots say what each says alone', async () => {
    const answers = await Promise.all(questions.map((question) => generate(ask(question))))
    expect(answers.map(({ text }) => text)).toEqual(alone)
  })
})

describe('with a long system prompt', () => {
  const folder = mkdtempSync(join(tmpdir(), '羊驼 并行　'))
  const system: PromptMessage = { role: 'system', text: 'Answer as a patient teacher would. '.repeat(40) }
  const sampling = { maxTokens: 24 }
  const withSystem = (question: string, more = {}) => ask(question, [system], { ...sampling, ...more })

  beforeAll(async () => {
    await supervisor.load(loadRequest(randomModel(join(folder, 'tiny.gguf')), { slots: 4, contextSize: 2048 }))
  })
  afterAll(async () => {
    await supervisor.unload()
    rmSync(folder, { recursive: true })
  })

  // An agent that asks several things at once would pay for its instructions each time.
  test('it is read once, also by requests that come while it is read, and answers stay the same', async () => {
    const questions = ['one', 'two', 'three', 'four', 'five', 'six']
    const answers = await Promise.all(questions.map((question) => generate(withSystem(question))))
    const [first, ...others] = answers
    const systemTokens = first!.promptTokens - 20
    expect(first!.cachedTokens).toBeLessThan(20)
    for (const other of others) expect(other.cachedTokens).toBeGreaterThan(systemTokens)
    // Read anew, from its first token.
    await supervisor.unload()
    await supervisor.load(loadRequest(join(folder, 'tiny.gguf'), { slots: 1, contextSize: 2048 }))
    const aloneTexts = []
    for (const question of questions.slice(0, 3)) aloneTexts.push((await generate(withSystem(question))).text)
    expect(answers.slice(0, 3).map(({ text }) => text)).toEqual(aloneTexts)
    await supervisor.load(loadRequest(join(folder, 'tiny.gguf'), { slots: 4, contextSize: 2048 }))
  })

  // The copy is made between two batches, of a cache that is being written to.
  test('it is taken over from a slot that writes', async () => {
    const stop = new AbortController()
    const begun = Promise.withResolvers<void>()
    const long = generate(withSystem('go on', { maxTokens: 1500 }), stop.signal, () => begun.resolve())
    await begun.promise
    const others = await Promise.all(['a', 'b'].map((question) => generate(withSystem(question))))
    for (const { cachedTokens, promptTokens } of others) expect(cachedTokens).toBeGreaterThan(promptTokens - 20)
    stop.abort()
    await long
  })

  // The slot with the longest common head alone would be overwritten time and again, while others are empty.
  test('a conversation stays where it is when another begins with the same system prompt', async () => {
    const long = 'tell me more about this '.repeat(20)
    const answer = await generate(withSystem(long))
    for (const other of ['x', 'y', 'z']) await generate(withSystem(`${other} ${other}`))
    const next: PromptMessage[] = [system, { role: 'user', text: long }, { role: 'assistant', text: answer.text }]
    const { cachedTokens } = await generate(ask('go on', next, sampling))
    expect(cachedTokens).toBeGreaterThanOrEqual(answer.promptTokens)
  })

  test('stopping one leaves the others as they are', async () => {
    const questions = ['first', 'second', 'third']
    const ask = (question: string) => generate(withSystem(question, { maxTokens: 100 }))
    const alone = []
    for (const question of questions) alone.push((await ask(question)).text)
    const stop = new AbortController()
    const [stopped, ...others] = await Promise.all([
      generate(withSystem('fourth', { maxTokens: 1500 }), stop.signal, () => stop.abort()),
      ...questions.map(ask),
    ])
    expect(stopped.stopReason).toBe('stopped')
    expect(others.map(({ text }) => text)).toEqual(alone)
  })

  test('the end of the engine fails all, and the next request is served', async () => {
    const begun = Promise.withResolvers<void>()
    const running = [1, 2, 3, 4, 5].map((n) =>
      generate(withSystem(`${n}`, { maxTokens: 1500 }), undefined, () => begun.resolve()).catch((error) => error),
    )
    await begun.promise
    processes.at(-1)!.kill()
    for (const failure of await Promise.all(running)) {
      expect(failure).toBeInstanceOf(AppFailure)
      expect(failure.code).toBe('ENGINE_CRASHED')
    }
    expect((await generate(withSystem('again'))).answerTokens).toBe(24)
  })
})
