/** Loads a model: the file is checked, the back end chosen, the memory estimated, the context made. */
import type { Llama, LlamaContext, LlamaModel, Token } from 'node-llama-cpp'
import type { Runtime } from '../shared/contract/models.ts'
import type { LoadRequest } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { chooseChatTemplate } from '../shared/lib/chat-templates.ts'
import { describeRuntime, usedMemoryBytes } from './describe-runtime.ts'
import { openDrafting, type Drafting } from './draft.ts'
import { freeMemoryBytes } from './free-memory.ts'
import { readGgufHeader } from './gguf-header.ts'
import { inspectModel } from './inspect-model.ts'
import type { LoadedModel } from './loaded-model.ts'
import type { NativeLog } from './native-log.ts'
import { PromptPace } from './prompt-pace.ts'
import { PromptTokenizer } from './prompt-tokens.ts'
import { refusedSetting } from './refused-setting.ts'
import { startLlama } from './start-llama.ts'
import { tokenBytesOf } from './token-bytes.ts'

const defaultMaxContextSize = 8192
const minContextSize = 512
const defaultBatchSize = 512

/**
 * `onProgress` gets 0 to 1, often. Rejects with the codes of `inspectModel`, NOT_ENOUGH_MEMORY,
 * LOAD_SETTING_REFUSED or LOAD_FAILED.
 */
export async function loadModel(
  request: LoadRequest,
  log: NativeLog,
  onProgress: (fraction: number) => void,
): Promise<{ loaded: LoadedModel; runtime: Runtime }> {
  const { path, settings } = request
  await inspectModel(path)
  const llama = await startLlama(request.gpu, log)
  const usedBefore = await usedMemoryBytes(llama)
  const availableBytes = await freeMemoryBytes(llama)
  const weightsBytes = readGgufHeader(path).tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  let neededBytes = weightsBytes
  const notEnoughMemory = () => new AppFailure('NOT_ENOUGH_MEMORY', { path, neededBytes, availableBytes })
  if (neededBytes > availableBytes && !request.force) throw notEnoughMemory()
  try {
    const model = await loadWeights(llama, request, onProgress)
    if (log.lockFailure) throw refusal(path, 'useMlock', log.lockFailure)
    const { contextSize, contextBytes } = await chooseContextSize(model, request, availableBytes - weightsBytes)
    neededBytes += contextBytes
    if (neededBytes > availableBytes && !request.force) throw notEnoughMemory()
    const context = await createContext(model, request, contextSize)
    const { slots, draft } = settings
    const threads = settings.threads ?? request.automaticThreads
    const drafting = await openDrafting(llama, model, draft, { contextSize, slots, threads, force: request.force })
    const loaded = await prepare(model, context, drafting)
    const runtime = await describeRuntime(loaded, settings, log)
    const memoryBytes = (await usedMemoryBytes(llama)) - usedBefore
    return { loaded, runtime: { ...runtime, rope: null, estimatedBytes: neededBytes, memoryBytes } }
  } catch (error) {
    if (error instanceof AppFailure) throw error
    const { InsufficientMemoryError } = await import('node-llama-cpp')
    if (error instanceof InsufficientMemoryError) throw notEnoughMemory()
    const detail = log.lastError || String(error)
    const setting = refusedSetting(detail, settings)
    throw setting ? refusal(path, setting, detail) : new AppFailure('LOAD_FAILED', { path, detail })
  }
}

function refusal(path: string, setting: keyof LoadRequest['settings'], detail: string): AppFailure {
  return new AppFailure('LOAD_SETTING_REFUSED', { path, setting, detail })
}

function loadWeights(
  llama: Llama,
  { path, settings, force }: LoadRequest,
  onProgress: (fraction: number) => void,
): Promise<LlamaModel> {
  const { gpuLayers, contextSize } = settings
  return llama.loadModel({
    modelPath: path,
    gpuLayers: gpuLayers ?? (contextSize === null ? 'auto' : { fitContext: { contextSize } }),
    // `auto` gives the map up where more layers then fit on the graphics card.
    useMmap: settings.useMmap ? 'auto' : false,
    useMlock: settings.useMlock,
    defaultContextFlashAttention: flashAttentionOption(settings),
    experimentalDefaultContextKvCacheKeyType: settings.kvCacheKeyType,
    experimentalDefaultContextKvCacheValueType: settings.kvCacheValueType,
    ignoreMemorySafetyChecks: force,
    onLoadProgress: onProgress,
  })
}

function createContext(
  model: LlamaModel,
  { settings, automaticThreads, force }: LoadRequest,
  contextSize: number,
): Promise<LlamaContext> {
  return model.createContext({
    contextSize,
    sequences: settings.slots,
    batchSize: batchSizeOf(settings, contextSize),
    threads: settings.threads ?? automaticThreads,
    // Of the model only the default is checked against what the library thinks it supports.
    flashAttention: flashAttentionOption(settings),
    ignoreMemorySafetyChecks: force,
    failedCreationRemedy: false,
  })
}

function batchSizeOf(settings: LoadRequest['settings'], contextSize: number): number {
  return Math.min(settings.batchSize ?? defaultBatchSize, contextSize)
}

function flashAttentionOption({ flashAttention }: LoadRequest['settings']): 'auto' | boolean {
  return flashAttention === 'auto' ? 'auto' : flashAttention === 'on'
}

/** What was asked for, else the training context, cut to 8192 tokens and halved until it fits in `freeBytes`. */
async function chooseContextSize(model: LlamaModel, { settings }: LoadRequest, freeBytes: number) {
  const estimate = async (contextSize: number) => {
    const { cpuRam, gpuVram } = await model.fileInsights.estimateContextResourceRequirementsV2({
      contextSize,
      sequences: settings.slots,
      modelGpuLayers: model.gpuLayers,
      batchSize: batchSizeOf(settings, contextSize),
      flashAttention: flashAttentionOption(settings),
      kvCacheKeyType: model.defaultContextKvCacheKeyType,
      kvCacheValueType: model.defaultContextKvCacheValueType,
    })
    return cpuRam + gpuVram
  }
  const wanted = settings.contextSize
  let contextSize = wanted ?? Math.min(model.trainContextSize || defaultMaxContextSize, defaultMaxContextSize)
  let contextBytes = await estimate(contextSize)
  while (wanted === null && contextBytes > freeBytes && contextSize >= 2 * minContextSize) {
    contextSize = Math.floor(contextSize / 2)
    contextBytes = await estimate(contextSize)
  }
  return { contextSize, contextBytes }
}

async function prepare(model: LlamaModel, context: LlamaContext, drafting: Drafting): Promise<LoadedModel> {
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
    slots: Array.from({ length: context.totalSequences }, () => {
      const draft = drafting.createPredictor()
      const sequence = context.getSequence({ tokenPredictor: draft ?? undefined })
      return { sequence, prompts: new PromptTokenizer(model, template, beginsWithSpace), draft }
    }),
    template,
    beginsWithSpace,
    tokenBytes: await tokenBytesOf(model),
    pace: new PromptPace(context.batchSize),
    draft: drafting.method,
  }
  await warmUp(loaded)
  return loaded
}

/** Touches the weights and learns how fast the prompt is read, so that the first stop is as quick as any. */
async function warmUp({ slots, model, pace }: LoadedModel): Promise<void> {
  const { sequence } = slots[0]!
  const tokens = Array.from({ length: pace.pieceLength }, () => model.tokens.bos ?? (0 as Token))
  const startedAt = performance.now()
  await sequence.evaluateWithoutGeneratingNewTokens(tokens)
  pace.measured(tokens.length, performance.now() - startedAt)
  await sequence.clearHistory()
}
