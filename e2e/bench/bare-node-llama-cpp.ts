/**
 * node-llama-cpp alone at its best setting: `sequence.evaluate` in a process that does nothing else,
 * started by the bench with UV_THREADPOOL_SIZE=1. Prints one line of JSON.
 *
 *   node e2e/bench/bare-node-llama-cpp.ts <model.gguf> <threads> <prompt tokens> <answer tokens>
 */
import { getLlama, LlamaLogLevel, type Token } from 'node-llama-cpp'

const [modelPath, threads, promptTokens, answerTokens] = process.argv.slice(2)
const llama = await getLlama({ gpu: false, logLevel: LlamaLogLevel.error, maxThreads: Number(threads), build: 'never' })
const model = await llama.loadModel({ modelPath: modelPath! })
const context = await model.createContext({ contextSize: 4096, batchSize: 512, threads: Number(threads) })
const sequence = context.getSequence()
const vocabularySize = model.fileInfo.metadata.tokenizer.ggml.tokens.length
const prompt = Array.from(
  { length: Number(promptTokens) },
  (_, i) => (300 + ((i * 7919) % (vocabularySize - 400))) as Token,
)

let tokensPerSecond = 0
// The first round warms up.
for (let round = 0; round < 2; round++) {
  await sequence.clearHistory()
  let started = 0
  let count = 0
  for await (const token of sequence.evaluate(prompt, { temperature: 0 })) {
    model.detokenize([token])
    if (count === 0) started = performance.now()
    else if (count === Number(answerTokens)) break
    count++
  }
  tokensPerSecond = (count * 1000) / (performance.now() - started)
}
console.log(JSON.stringify({ tokensPerSecond }))
process.exit(0)
