/** Loads a model: the file is checked, the back end chosen, the memory estimated, the context made. */
import { cpus } from 'node:os'
import type { LlamaContext, LlamaModel, Token } from 'node-llama-cpp'
import type { Runtime } from '../shared/contract/models.ts'
import type { LoadRequest } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { chooseChatTemplate } from '../shared/lib/chat-templates.ts'
import { freeMemoryBytes } from './free-memory.ts'
import { readGgufHeader } from './gguf-header.ts'
import { inspectModel } from './inspect-model.ts'
import type { LoadedModel } from './loaded-model.ts'
import type { NativeLog } from './native-log.ts'
import { PromptPace } from './prompt-pace.ts'
import { PromptTokenizer } from './prompt-tokens.ts'
import { startLlama } from './start-llama.ts'
import { tokenBytesOf } from './token-bytes.ts'

const defaultMaxContextSize = 8192
const minContextSize = 512
const batchSize = 512

/**
 * `onProgress` gets 0 to 1, often. Rejects with the codes of `inspectModel`, NOT_ENOUGH_MEMORY or
 * LOAD_FAILED.
 */
export async function loadModel(
  request: LoadRequest,
  log: NativeLog,
  onProgress: (fraction: number) => void,
): Promise<{ loaded: LoadedModel; runtime: Runtime }> {
  const { path } = request
  await inspectModel(path)
  const llama = await startLlama(request.gpu, log)
  const availableBytes = await freeMemoryBytes(llama)
  const weightsBytes = readGgufHeader(path).tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  let neededBytes = weightsBytes
  const notEnoughMemory = () => new AppFailure('NOT_ENOUGH_MEMORY', { path, neededBytes, availableBytes })
  if (neededBytes > availableBytes && !request.force) throw notEnoughMemory()
  try {
    const model = await llama.loadModel({
      modelPath: path,
      ignoreMemorySafetyChecks: request.force,
      onLoadProgress: onProgress,
    })
    const { contextSize, contextBytes } = await chooseContextSize(model, request, availableBytes - weightsBytes)
    neededBytes += contextBytes
    if (neededBytes > availableBytes && !request.force) throw notEnoughMemory()
    const context = await model.createContext({
      contextSize,
      batchSize: Math.min(batchSize, contextSize),
      threads: request.settings.threads ?? request.automaticThreads,
      ignoreMemorySafetyChecks: request.force,
    })
    const loaded = await prepare(model, context)
    return { loaded, runtime: await describe(loaded) }
  } catch (error) {
    if (error instanceof AppFailure) throw error
    const { InsufficientMemoryError } = await import('node-llama-cpp')
    if (error instanceof InsufficientMemoryError) throw notEnoughMemory()
    throw new AppFailure('LOAD_FAILED', { path, detail: log.lastError || String(error) })
  }
}

/** What was asked for, else the training context, cut to 8192 tokens and halved until it fits in `freeBytes`. */
async function chooseContextSize(model: LlamaModel, { settings: { contextSize: wanted } }: LoadRequest, freeBytes: number) {
  const estimate = async (contextSize: number) => {
    const { cpuRam, gpuVram } = await model.fileInsights.estimateContextResourceRequirementsV2({
      contextSize,
      modelGpuLayers: model.gpuLayers,
      batchSize: Math.min(batchSize, contextSize),
      flashAttention: model.defaultContextFlashAttention,
    })
    return cpuRam + gpuVram
  }
  let contextSize = wanted ?? Math.min(model.trainContextSize || defaultMaxContextSize, defaultMaxContextSize)
  let contextBytes = await estimate(contextSize)
  while (wanted === null && contextBytes > freeBytes && contextSize >= 2 * minContextSize) {
    contextSize = Math.floor(contextSize / 2)
    contextBytes = await estimate(contextSize)
  }
  return { contextSize, contextBytes }
}

async function prepare(model: LlamaModel, context: LlamaContext): Promise<LoadedModel> {
  const { LlamaVocabularyType } = await import('node-llama-cpp')
  const { ggml, chat_template: jinja } = model.fileInfo.metadata.tokenizer
  const template = chooseChatTemplate(jinja ?? null, {
    size: ggml.tokens.length,
    hasToken: (text) => ggml.tokens.includes(text),
    bosText: model.tokens.bosString ?? '',
    eosText: model.tokens.eosString ?? '',
  })
  const beginsWithSpace = model.vocabularyType === LlamaVocabularyType.spm && ggml.add_space_prefix !== false
  const loaded: LoadedModel = {
    model,
    context,
    sequence: context.getSequence(),
    template,
    prompts: new PromptTokenizer(model, template, beginsWithSpace),
    beginsWithSpace,
    tokenBytes: await tokenBytesOf(model),
    pace: new PromptPace(context.batchSize),
  }
  await warmUp(loaded)
  return loaded
}

/** Touches the weights and learns how fast the prompt is read, so that the first stop is as quick as any. */
async function warmUp({ sequence, model, pace }: LoadedModel): Promise<void> {
  const tokens = Array.from({ length: pace.pieceLength }, () => model.tokens.bos ?? (0 as Token))
  const startedAt = performance.now()
  await sequence.evaluateWithoutGeneratingNewTokens(tokens)
  pace.measured(tokens.length, performance.now() - startedAt)
  await sequence.clearHistory()
}

async function describe({ model, context, template }: LoadedModel): Promise<Runtime> {
  const { llama } = model
  return {
    gpu: llama.gpu || 'cpu',
    deviceNames: llama.gpu ? await llama.getGpuDeviceNames() : [cpus()[0]?.model.trim() ?? ''],
    gpuLayers: model.gpuLayers,
    totalLayers: model.fileInsights.totalLayers,
    contextSize: context.contextSize,
    threads: context.idealThreads,
    template: template.name,
    memoryBytes: process.memoryUsage.rss(),
  }
}
