/**
 * The yardstick: decodes greedily in a bare loop on the llama.cpp library that the app ships, called
 * synchronously through koffi; nothing else runs in this process. Prints one line of JSON.
 *
 *   node e2e/bench/raw-loop.ts <model.gguf> <threads> <prompt tokens> <answer tokens>
 */
import { openRawModel } from './raw-library.ts'

const [modelPath, threads, promptTokens, answerTokens] = process.argv.slice(2)
const promptLength = Number(promptTokens)
const answerLength = Number(answerTokens)
const raw = openRawModel(modelPath!, { threads: Number(threads), contextSize: 4096, sequences: 1 })
const decode = raw.llama.func('int llama_decode(void*, llama_batch)')
const batchOf = raw.llama.func('llama_batch llama_batch_get_one(void*, int)')

const prompt = Int32Array.from({ length: promptLength }, (_, i) => 300 + ((i * 7919) % (raw.vocabularySize - 400)))
const next = new Int32Array(1)
let tokensPerSecond = 0
// The first round warms up.
for (let round = 0; round < 2; round++) {
  raw.clear()
  for (let i = 0; i < promptLength; i += 512) {
    decode(raw.context, batchOf(prompt.subarray(i, i + 512), Math.min(512, promptLength - i)))
  }
  next[0] = raw.sample(-1)
  const started = performance.now()
  for (let i = 0; i < answerLength; i++) {
    decode(raw.context, batchOf(next, 1))
    next[0] = raw.sample(-1)
    raw.text(next[0])
  }
  tokensPerSecond = (answerLength * 1000) / (performance.now() - started)
}
console.log(JSON.stringify({ tokensPerSecond }))
process.exit(0)
