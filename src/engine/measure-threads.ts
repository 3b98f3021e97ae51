import type { LlamaContext, LlamaModel } from 'node-llama-cpp'
import type { EngineCalls } from '../shared/engine/messages.ts'

const rounds = 3
const tokensPerRound = 40
/** Spinning threads on a busy machine can take seconds for a token; then fewer tokens tell enough. */
const maxRoundMs = 1500
const contextSize = 256

/**
 * Decodes some tokens with each thread count in turn, several rounds over, in contexts of its own,
 * and gives the median of each. The loaded context keeps its threads until the model is loaded again.
 */
export async function measureThreads(
  model: LlamaModel,
  threadCounts: readonly number[],
): Promise<EngineCalls['measureThreads']['output']> {
  const trials: { threads: number; context: LlamaContext; speeds: number[] }[] = []
  try {
    for (const threads of threadCounts) {
      const context = await model.createContext({ contextSize, batchSize: 8, threads })
      trials.push({ threads, context, speeds: [] })
    }
    for (let round = 0; round < rounds; round++) {
      for (const { context, speeds } of trials) speeds.push(await decodeSpeed(model, context))
    }
  } finally {
    for (const { context } of trials) await context.dispose()
  }
  return trials.map(({ threads, speeds }) => ({ threads, tokensPerSecond: median(speeds) }))
}

async function decodeSpeed(model: LlamaModel, context: LlamaContext): Promise<number> {
  const sequence = context.getSequence()
  const prompt = model.tokenize('1 2 3 4', false)
  let startedAt = 0
  let elapsedMs = 0
  let count = -1
  for await (const _ of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    // The first one includes reading the prompt.
    if (++count === 0) startedAt = performance.now()
    elapsedMs = performance.now() - startedAt
    if (count === tokensPerRound || elapsedMs > maxRoundMs) break
  }
  await sequence.dispose()
  return (count * 1000) / elapsedMs
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
