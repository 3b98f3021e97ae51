/**
 * The yardstick of parallel requests: reads the prompts of all sequences in one go and decodes them greedily, one
 * batch a step, in a bare loop as raw-loop.ts. Prints one line of JSON.
 *
 *   node e2e/bench/raw-parallel.ts <model.gguf> <threads> <prompt tokens> <answer tokens> <sequences>
 */
import koffi from 'koffi'
import { openRawModel } from './raw-library.ts'

const [modelPath, ...numbers] = process.argv.slice(2)
const [threads, promptTokens, answerTokens, sequences] = numbers.map(Number) as [number, number, number, number]
const raw = openRawModel(modelPath!, { threads, contextSize: 1024, sequences })
const decode = raw.llama.func('int llama_decode(void*, llama_batch)')

const capacity = 512
const batch = raw.llama.func('llama_batch llama_batch_init(int, int, int)')(capacity, 0, 1)
const ints = (pointer: unknown) => new Int32Array(koffi.view(pointer, capacity * 4))
const [tokens, positions, sequenceCounts] = [ints(batch.token), ints(batch.pos), ints(batch.n_seq_id)]
const hasLogits = new Int8Array(koffi.view(batch.logits, capacity))
const sequenceIds = (koffi.decode(batch.seq_id, koffi.array('void*', capacity)) as unknown[]).map(
  (pointer) => new Int32Array(koffi.view(pointer, 4)),
)

function add(token: number, position: number, sequence: number, wantsLogits: boolean): void {
  const index = batch.n_tokens++
  tokens[index] = token
  positions[index] = position
  sequenceCounts[index] = 1
  sequenceIds[index]![0] = sequence
  hasLogits[index] = wantsLogits ? 1 : 0
}

const next = new Int32Array(sequences)

function readPrompts(): void {
  for (let sequence = 0; sequence < sequences; sequence++) {
    for (let i = 0; i < promptTokens; i++) {
      if (batch.n_tokens === capacity) decodeBatch()
      const token = 300 + (((i + sequence * 31) * 7919) % (raw.vocabularySize - 400))
      add(token, i, sequence, i === promptTokens - 1)
    }
  }
  decodeBatch()
}

/** Draws the next token of each sequence that asked for one. */
function decodeBatch(): void {
  decode(raw.context, batch)
  for (let index = 0; index < batch.n_tokens; index++) {
    if (hasLogits[index] === 1) next[sequenceIds[index]![0]!] = raw.sample(index)
  }
  batch.n_tokens = 0
}

let readMs = 0
let writeMs = 0
// The first round warms up.
for (let round = 0; round < 2; round++) {
  raw.clear()
  batch.n_tokens = 0
  const startedAt = performance.now()
  readPrompts()
  const readAt = performance.now()
  for (let step = 1; step < answerTokens; step++) {
    for (const [sequence, token] of next.entries()) {
      raw.text(token)
      add(token, promptTokens + step - 1, sequence, true)
    }
    decodeBatch()
  }
  readMs = readAt - startedAt
  writeMs = performance.now() - readAt
}
const tokensPerSecond = (sequences * answerTokens * 1000) / (readMs + writeMs)
const writeTokensPerSecond = (sequences * (answerTokens - 1) * 1000) / writeMs
console.log(JSON.stringify({ tokensPerSecond, writeTokensPerSecond, firstTokenMs: readMs }))
process.exit(0)
