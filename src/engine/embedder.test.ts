/** The vectors of texts, held against a llama that is computed without llama.cpp. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Llama, LlamaContext } from 'node-llama-cpp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { RANDOM_MODEL_PRESETS, writeRandomModel, type RandomModelOptions } from '../../build/gguf/random-model.ts'
import { defaultLoadSettings } from '../shared/lib/default-load-settings.ts'
import { llamaStates } from './llama-states.fixture.ts'
import { loadModel } from './load-model.ts'
import { NativeLog } from './native-log.ts'
import { PromptTokenizer } from './prompt-tokens.ts'
import { startLlama } from './start-llama.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼　embedder '))
const messages: string[] = []
const log = new NativeLog((event) => void (event.type === 'log' && messages.push(event.text)))
const never = new AbortController().signal
let llama: Llama

beforeAll(async () => {
  llama = await startLlama('cpu', log)
})
afterAll(async () => {
  await llama.dispose()
  rmSync(folder, { recursive: true })
})

async function load(name: string, options: Partial<RandomModelOptions> = {}) {
  const path = join(folder, name)
  writeRandomModel(path, { ...RANDOM_MODEL_PRESETS.tiny, kvHeads: 2, ...options })
  const settings = { ...defaultLoadSettings, contextSize: 1024, adapters: [], draft: { type: 'none' as const } }
  const request = { path, gpu: 'cpu' as const, automaticThreads: 1, automaticSlots: 1, settings, force: false }
  const { loaded, embedder } = await loadModel(request, async () => llama, log, () => {})
  const contexts: LlamaContext[] = []
  const createContext = loaded.model.createContext.bind(loaded.model)
  loaded.model.createContext = async (options) => {
    contexts.push(await createContext(options))
    return contexts.at(-1)!
  }
  const prompts = new PromptTokenizer(loaded.model, loaded.template, loaded.beginsWithSpace)
  const tokensOf = (text: string) => prompts.tokenize({ text }).tokens as readonly number[]
  return { path, loaded, embedder, contexts, tokensOf }
}

function unit(vector: ArrayLike<number>): number[] {
  const values = Array.from(vector)
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

function meanOf(states: Float64Array[]): number[] {
  return unit(states[0]!.map((_, index) => states.reduce((sum, state) => sum + state[index]!, 0)))
}

function expectClose(vector: Float32Array, expected: readonly number[]): void {
  expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
  expect(vector).toHaveLength(expected.length)
  // The cache holds half precision.
  expect(Math.max(...expected.map((value, index) => Math.abs(value - vector[index]!)))).toBeLessThan(2e-4)
}

// Bugs: the last token's state, or the last piece's mean, for that of the text; BOS or half of the text left out.
test('a vector is the mean of the text’s last hidden states, whatever its length and whatever came before', async () => {
  const { path, embedder, tokensOf, loaded, contexts } = await load('mean.gguf')
  const long = Array.from({ length: 60 }, (_, index) => `tadu nore ${index} sita`).join(' 再 ')
  const texts = ['tadu', '', '从前有 lo ka', long, 'tadu nore']
  expect(tokensOf('')).toHaveLength(1)
  expect(tokensOf(long).length).toBeGreaterThan(300)
  const first = await embedder.embed(texts.slice(0, 3), never)
  const all = await embedder.embed(texts, never)
  expect(all.tokenCount).toBe(texts.reduce((sum, text) => sum + tokensOf(text).length, 0))
  for (const [index, text] of texts.entries()) {
    expectClose(all.vectors[index]!, meanOf(llamaStates(path, tokensOf(text))))
  }
  expect(first.vectors).toEqual(all.vectors.slice(0, 3))
  // Small for small texts, then as large as the long one needs; never two.
  expect(contexts.map(({ contextSize }) => contextSize < 600)).toEqual([true, false].slice(0, contexts.length))
  expect(contexts.map(({ disposed }) => disposed)).toEqual([true, false])
  expect(messages.filter((text) => text.includes('embeddings'))).toEqual([])
  await loaded.model.dispose()
})

test('a model whose file names its last token for it gives that one’s state, end token included', async () => {
  const { path, embedder, tokensOf, loaded } = await load('last.gguf', {
    metadata: {
      'llama.pooling_type': { type: 'uint32', value: 3 },
      'tokenizer.ggml.add_eos_token': { type: 'bool', value: true },
    },
  })
  const { vectors, tokenCount } = await embedder.embed(['tadu nore'], never)
  const tokens = [...tokensOf('tadu nore'), loaded.model.tokens.eos!]
  expect(tokenCount).toBe(tokens.length)
  expectClose(vectors[0]!, unit(llamaStates(path, tokens).at(-1)!))
  await loaded.model.dispose()
})

test('a text that takes more memory than there is, is refused; then the next is served', async () => {
  const { embedder, loaded, path } = await load('memory.gguf')
  const free = vi.spyOn(process, 'availableMemory').mockReturnValue(1000)
  await expect(embedder.embed(['tadu'], never)).rejects.toMatchObject({ code: 'NOT_ENOUGH_MEMORY', data: { path } })
  free.mockRestore()
  expect((await embedder.embed(['tadu'], never)).vectors).toHaveLength(1)
  await loaded.model.dispose()
})

// Bug: memory that is kept for texts nobody asks for any more, or a context closed under a call.
test('its context is closed a minute after the last call, and opened again for the next', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const { embedder, contexts, loaded } = await load('idle.gguf')
    const [before] = (await embedder.embed(['tadu'], never)).vectors
    await vi.advanceTimersByTimeAsync(59_000)
    expect(contexts[0]!.disposed).toBe(false)
    await embedder.embed(['nore'], never)
    await vi.advanceTimersByTimeAsync(59_000)
    expect(contexts[0]!.disposed).toBe(false)
    await vi.advanceTimersByTimeAsync(2_000)
    vi.useRealTimers()
    await expect.poll(() => contexts[0]!.disposed).toBe(true)
    expect((await embedder.embed(['tadu'], never)).vectors).toEqual([before])
    expect(contexts).toHaveLength(2)
    await loaded.model.dispose()
  } finally {
    vi.useRealTimers()
  }
})
