/**
 * Trains the demo model and writes resources/demo-model/yangtuo-demo.gguf.
 *
 *   node build/demo-model/train.ts [--threads 1] [--fresh]
 *
 * A run that was interrupted goes on after its last epoch; `--fresh` starts anew.
 */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { llamaMetadata, type Vocabulary } from '../gguf/llama-metadata.ts'
import { quantizeModel } from '../gguf/quantize.ts'
import { createRandom } from '../gguf/random.ts'
import { writeGguf } from '../gguf/write-gguf.ts'
import { fillInputs, pack, type WindowSize } from './batches.ts'
import { learnVocabulary } from './byte-pair-encoding.ts'
import { createFormatter, FORMAT_WORDS, LLAMA_3_TEMPLATE, type TokenizedConversation } from './chat-format.ts'
import { loadCheckpoint, saveCheckpoint, type Progress } from './checkpoint.ts'
import { readDialogues, toMessages } from './dialogues.ts'
import { createGgml } from './ggml.ts'
import { createNetwork, initialise, type Network, type Parameter } from './llama-network.ts'
import { CACHE_FOLDER, GENERAL, MODEL_FILE, QUANTIZATION, RECIPE } from './recipe.ts'
import { createTrainingSamples } from './training-samples.ts'

const CHECKPOINT = path.join(CACHE_FOLDER, 'checkpoint.bin')
const MEMORY_BYTES = 1_000_000_000
const EPOCHS_BETWEEN_REPORTS = 5

function main(): void {
  const { values } = parseArgs({
    options: { threads: { type: 'string', default: '1' }, fresh: { type: 'boolean', default: false } }
  })
  fs.mkdirSync(CACHE_FOLDER, { recursive: true })
  if (values.fresh) fs.rmSync(CHECKPOINT, { force: true })

  const dialogues = readDialogues()
  const samples = createTrainingSamples(dialogues)
  const vocabulary = learnVocabulary(samples.texts, FORMAT_WORDS, RECIPE.vocabularySize)
  const format = createFormatter(vocabulary)
  const size = { window: RECIPE.window, rows: RECIPE.rows, vocabulary: vocabulary.tokens.length }
  const network = createNetwork(createGgml(MEMORY_BYTES, Number(values.threads)), RECIPE.shape, size)
  initialise(network.parameters, RECIPE.shape, createRandom(RECIPE.seed))

  const recipe = JSON.stringify([RECIPE, samples.texts])
  const progress = loadCheckpoint(CHECKPOINT, recipe, network.parameters) ?? { recipe, epoch: 0, step: 0, seconds: 0 }
  const exam = dialogues.map((dialogue) => format({ messages: toMessages(dialogue) }))
  while (progress.epoch < RECIPE.epochs) {
    const random = createRandom(RECIPE.seed + 1 + progress.epoch)
    const loss = trainEpoch(network, samples.drawEpoch(random).map(format), size, progress)
    saveCheckpoint(CHECKPOINT, progress, network.parameters)
    report(network, exam, size, progress, loss)
  }
  saveModel(network.parameters, vocabulary)
}

/** Trains on the conversations once and returns the mean loss. */
function trainEpoch(
  network: Network,
  conversations: readonly TokenizedConversation[],
  size: WindowSize,
  progress: Progress
): number {
  const started = performance.now()
  const batches = pack(conversations, size)
  let sum = 0
  batches.forEach((batch, i) => {
    fillInputs(network.inputs, batch, size)
    progress.step++
    const done = (progress.epoch + i / batches.length) / RECIPE.epochs
    sum += network.train({ ...RECIPE, rate: learningRate(done, progress.step), step: progress.step })
  })
  progress.epoch++
  progress.seconds += (performance.now() - started) / 1000
  return sum / batches.length
}

/** Warm-up, then a cosine down to the final rate. */
function learningRate(done: number, step: number): number {
  const cosine = 0.5 + 0.5 * Math.cos(Math.PI * done)
  const decayed = RECIPE.finalRate + (1 - RECIPE.finalRate) * cosine
  return RECIPE.rate * Math.min(1, step / RECIPE.warmUpSteps) * decayed
}

function report(
  network: Network,
  exam: readonly TokenizedConversation[],
  size: WindowSize,
  progress: Progress,
  loss: number
): void {
  const { epoch, step, seconds } = progress
  let line = `epoch ${epoch}/${RECIPE.epochs}  step ${step}  loss ${loss.toFixed(4)}  ${seconds.toFixed(0)} s`
  if (epoch % EPOCHS_BETWEEN_REPORTS === 0 || epoch === RECIPE.epochs) {
    const exact = exam.filter((conversation) => isExact(network, conversation, size)).length
    line += `  exact ${exact}/${exam.length}`
  }
  console.log(line)
}

/** Whether the model predicts every token of the answers, which is what greedy decoding needs. */
function isExact(network: Network, conversation: TokenizedConversation, size: WindowSize): boolean {
  const targets = fillInputs(network.inputs, { conversations: [conversation], tokens: 0, targets: 0 }, size)
  network.forward()
  return targets.every((target, row) => network.predictions[row] === target)
}

function saveModel(parameters: readonly Parameter[], vocabulary: Vocabulary): void {
  const full = path.join(CACHE_FOLDER, 'yangtuo-demo-f32.gguf')
  const metadata = llamaMetadata(RECIPE.shape, vocabulary, { ...GENERAL, fileType: 0 }, LLAMA_3_TEMPLATE)
  const tensors = parameters.map(({ plan, weights }) => ({ ...plan, type: 'f32' as const, data: () => weights }))
  writeGguf(full, metadata, tensors)
  fs.mkdirSync(path.dirname(MODEL_FILE), { recursive: true })
  quantizeModel(full, MODEL_FILE, QUANTIZATION)
  console.log(`${MODEL_FILE}: ${fs.statSync(MODEL_FILE).size} bytes`)
}

if (import.meta.main) main()
