/**
 * node-llama-cpp alone with several sequences in one context, as its documentation shows it: all `evaluate` at the
 * same time, in a process that does nothing else. Prints one line of JSON.
 *
 *   node e2e/bench/bare-parallel.ts <model.gguf> <threads> <prompt tokens> <answer tokens> <sequences>
 */
import { getLlama, LlamaLogLevel, type LlamaContextSequence, type Token } from 'node-llama-cpp'

const [modelPath, ...numbers] = process.argv.slice(2)
const [threads, promptTokens, answerTokens, sequences] = numbers.map(Number) as [number, number, number, number]
const llama = await getLlama({ gpu: false, logLevel: LlamaLogLevel.error, maxThreads: threads, build: 'never' })
const model = await llama.loadModel({ modelPath: modelPath! })
const context = await model.createContext({ contextSize: 1024, batchSize: 512, threads, sequences })
const all = Array.from({ length: sequences }, () => context.getSequence())
const vocabularySize = model.fileInfo.metadata.tokenizer.ggml.tokens.length

async function write(sequence: LlamaContextSequence, index: number): Promise<number> {
  const prompt = Array.from(
    { length: promptTokens },
    (_, i) => (300 + (((i + index * 31) * 7919) % (vocabularySize - 400))) as Token,
  )
  let firstTokenAt = 0
  let count = 0
  for await (const token of sequence.evaluate(prompt, { temperature: 0 })) {
    model.detokenize([token])
    firstTokenAt ||= performance.now()
    if (++count === answerTokens) break
  }
  return firstTokenAt
}

let totalMs = 0
let firstTokenMs = 0
// The first round warms up.
for (let round = 0; round < 2; round++) {
  for (const sequence of all) await sequence.clearHistory()
  const startedAt = performance.now()
  const firstTokensAt = await Promise.all(all.map(write))
  totalMs = performance.now() - startedAt
  firstTokenMs = Math.max(...firstTokensAt) - startedAt
}
console.log(JSON.stringify({ tokensPerSecond: (sequences * answerTokens * 1000) / totalMs, firstTokenMs }))
process.exit(0)
