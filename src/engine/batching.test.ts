import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getLlama, LlamaLogLevel, type LlamaContext, type LlamaContextSequence, type Token } from 'node-llama-cpp'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { RANDOM_MODEL_PRESETS, writeRandomModel } from '../../build/gguf/random-model.ts'
import { shareBatches } from './batching.ts'
import { PromptPace } from './prompt-pace.ts'
import { readPrompt } from './read-prompt.ts'

const pieceLength = 16
const folder = mkdtempSync(join(tmpdir(), '羊驼 并行　'))
let context: LlamaContext
let sequences: LlamaContextSequence[]
/** How many tokens each batch had, and the first token of each sequence in it. */
let batches: number[] = []
let firstTokens: Token[][] = []

beforeAll(async () => {
  const path = join(folder, 'tiny.gguf')
  writeRandomModel(path, RANDOM_MODEL_PRESETS.tiny)
  const llama = await getLlama({ gpu: false, logLevel: LlamaLogLevel.error, maxThreads: 1, build: 'never' })
  const model = await llama.loadModel({ modelPath: path })
  context = await model.createContext({
    sequences: 4,
    contextSize: 512,
    threads: 1,
    batching: {
      itemPrioritizationStrategy: ({ items }) => {
        batches.push(items.reduce((sum, { tokens }) => sum + tokens.length, 0))
        firstTokens.push(items.map(({ tokens }) => tokens[0]!))
        return items.map((item) => ({ item, processAmount: item.tokens.length }))
      },
    },
  })
  const pace = new PromptPace(pieceLength)
  pace.measured(1_000_000, 1)
  shareBatches(context, pace)
  sequences = Array.from({ length: 4 }, () => context.getSequence())
})
afterEach(async () => {
  for (const sequence of sequences) await sequence.clearHistory()
})
afterAll(async () => {
  await context.model.llama.dispose()
  rmSync(folder, { recursive: true })
})

function tokens(count: number, first: number): Token[] {
  return Array.from({ length: count }, (_, i) => (300 + ((first + i * 37) % 1000)) as Token)
}

async function write(sequence: LlamaContextSequence, count: number, onToken: (token: Token) => void = () => {}) {
  const written: Token[] = []
  for await (const token of sequence.evaluate(tokens(4, sequence.nextTokenIndex), { temperature: 0 })) {
    onToken(token)
    if (written.push(token) === count) break
  }
  return written
}

// Without sharing, the answer whose token is drawn last misses each batch.
test('answers that are written at the same time share every batch', async () => {
  batches = []
  await Promise.all(sequences.map((sequence) => write(sequence, 40)))
  expect(batches.filter((size) => size === 4).length).toBeGreaterThan(35)
  expect(batches.length).toBeLessThan(46)
})

// llama.cpp computes sequences one by one unless they follow each other: twice as slow with eight.
test('a batch has its sequences in their order, whoever came first', async () => {
  firstTokens = []
  const reading = sequences.map((sequence, index) => ({ sequence, tokens: [(400 + index) as Token] })).reverse()
  await Promise.all(reading.map(({ sequence, tokens }) => sequence.evaluateWithoutGeneratingNewTokens(tokens)))
  // The first to come may find nobody to share with.
  expect(firstTokens.at(-1)!.slice(0, 3)).toEqual([400, 401, 402])
  expect(firstTokens.flat()).toHaveLength(4)
})

// A context is locked while it decodes: with the library's own batches, whoever waits for the lock waits for ever.
test('a newcomer can clear its part of the cache while others write', async () => {
  const [newcomer, ...writers] = sequences as [LlamaContextSequence, ...LlamaContextSequence[]]
  await newcomer.evaluateWithoutGeneratingNewTokens(tokens(40, 0))
  let written = 0
  let writtenBefore = Infinity
  const cleared = Promise.withResolvers<void>()
  const onToken = () => {
    if (written++ === 30) void newcomer.clearHistory().then(() => ((writtenBefore = written), cleared.resolve()))
  }
  await Promise.all([cleared.promise, ...writers.map((writer) => write(writer, 100, onToken))])
  expect(writtenBefore).toBeLessThan(30 + 3 * writers.length)
})

// Pieces that run by themselves would stop the answers; all pieces in one batch would hold them up.
test('prompts are read beside the answers, no more than a piece at a time, each in its turn', async () => {
  batches = []
  const [writer, ...readers] = sequences as [LlamaContextSequence, ...LlamaContextSequence[]]
  const pace = new PromptPace(pieceLength)
  pace.measured(1_000_000, 1)
  let writtenWhileReading = 0
  let isReading = true
  const order: number[] = []
  const reading = readers.map((reader, index) =>
    readPrompt(reader, tokens(8 * pieceLength, index), pace, () => order.push(index) > 0),
  )
  const done = Promise.all(reading).then(() => (isReading = false))
  await write(writer, 60, () => (writtenWhileReading += isReading ? 1 : 0))
  await done
  expect(Math.max(...batches)).toBe(pieceLength + 1)
  expect(writtenWhileReading).toBeGreaterThan(15)
  for (let i = 0; i + 3 <= order.length; i += 3) expect(new Set(order.slice(i, i + 3)).size).toBe(3)
})
