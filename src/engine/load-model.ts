/**
 * Loads a model: what the headers of its files tell is checked first, then what llama.cpp's plan of
 * it says, and only then the weights are read and the context is made.
 */
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Llama, LlamaContext, LlamaModel, LlamaModelOptions } from 'node-llama-cpp'
import type { Rope } from '../shared/contract/load-settings.ts'
import type { Runtime } from '../shared/contract/models.ts'
import type { EngineLoadSettings, EstimateResult, InspectResult, LoadRequest } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { resolveRope, ropeFacts } from '../shared/lib/rope.ts'
import { checkCompanions } from './check-companions.ts'
import { describeRuntime, usedMemoryBytes } from './describe-runtime.ts'
import { openDrafting } from './draft.ts'
import { Embedder, embeddingPieceLength } from './embedder.ts'
import { defaultBatchSize, estimate } from './estimate.ts'
import { freeMemoryBytes } from './free-memory.ts'
import { readGgufHeader } from './gguf-header.ts'
import { inspectModel } from './inspect-model.ts'
import type { LoadedModel } from './loaded-model.ts'
import {
  asOption,
  confirmationsOf,
  lastPooling,
  metadataOverrides,
  poolingOverrides,
  unconfirmed,
  type Pooling,
} from './metadata-overrides.ts'
import type { NativeLog } from './native-log.ts'
import { prepareModel } from './prepare-model.ts'
import { refusedSetting } from './refused-setting.ts'

/** llama.cpp's log comes from other threads; its reason was seen a millisecond after the failure. */
const logDelayMs = 50

/** What the app chose where the settings leave it the choice, and what that takes. */
type Plan = Pick<EstimateResult, 'contextSize' | 'slots' | 'gpuLayers'> & {
  neededBytes: number
  /** A context of one slot. */
  contextBytes: number
}

/** `_embeddings`: not among the library's public options; tells hidden states. */
type ContextChanges = { contextSize?: number; batchSize?: number; _embeddings?: true }

/**
 * `log` is what the llama writes to; `onProgress` gets 0 to 1, often. Rejects with the codes of
 * `inspectModel`, NOT_ENOUGH_MEMORY, LOAD_SETTING_REFUSED, ADAPTER_UNUSABLE, DRAFT_UNUSABLE or
 * LOAD_FAILED.
 */
export async function loadModel(
  request: LoadRequest,
  openLlama: () => Promise<Llama>,
  log: NativeLog,
  onProgress: (fraction: number) => void,
): Promise<{ loaded: LoadedModel; runtime: Runtime; embedder: Embedder }> {
  const { path, settings } = request
  const facts = await inspectModel(path)
  if (facts.type === 'adapter') throw new AppFailure('NOT_A_LANGUAGE_MODEL', { path, kind: 'adapter' })
  checkCacheTypes(request)
  await checkCompanions(settings, facts)
  const llama = await openLlama()
  log.forget()
  const usedBefore = await usedMemoryBytes(llama)
  let plan: Plan | undefined
  try {
    plan = await planOf(llama, request)
    const isTooMuch = plan.neededBytes > (await freeMemoryBytes(llama))
    if (isTooMuch && !request.force) throw await notEnoughMemory(llama, path, plan)
    throwRefusal(request, log)
    const rope = ropeOf(facts, settings, plan)
    const overrides = metadataOverrides(facts.architecture, rope, settings.preTokenizer)
    const pooling = poolingOf(facts)
    const option = asOption([...overrides, ...poolingOverrides(facts.architecture, pooling)])
    const model = await loadWeights(llama, request, plan, option, onProgress)
    const context = await createContext(model, request, plan, plan.slots)
    if (log.lockFailure) throw refusal(path, 'useMlock', log.lockFailure)
    const ignored = unconfirmed(overrides, log.confirmedOverrides)
    if (ignored) throw refusal(path, ignored.setting, `${ignored.key} = ${ignored.value}`)
    const openSecond = secondContextOpener(model, request, plan)
    const drafting = await openDrafting(llama, settings.draft, {
      contextSize: context.contextSize,
      slots: plan.slots,
      threads: context.idealThreads,
      force: request.force,
    })
    const loaded = await prepareModel(model, context, settings, drafting, openSecond)
    const runtime = await describeRuntime(loaded, settings, log)
    const memoryBytes = (await usedMemoryBytes(llama)) - usedBefore
    const confirmedOverrides = confirmationsOf(overrides, log.confirmedOverrides)
    const openEmbeddings = (contextSize: number) =>
      openSecond({ contextSize, batchSize: embeddingPieceLength, _embeddings: true })
    return {
      loaded,
      runtime: { ...runtime, rope, confirmedOverrides, estimatedBytes: plan.neededBytes, memoryBytes },
      embedder: new Embedder({ loaded, openContext: openEmbeddings, pooling }),
    }
  } catch (error) {
    if (error instanceof AppFailure) throw error
    const { InsufficientMemoryError } = await import('node-llama-cpp')
    if (plan && error instanceof InsufficientMemoryError) throw await notEnoughMemory(llama, path, plan)
    await sleep(logDelayMs)
    throwRefusal(request, log)
    throw new AppFailure('LOAD_FAILED', { path, detail: log.lastError || String(error) })
  }
}

/** llama.cpp says it in these words, but only when the weights are loaded. */
function checkCacheTypes({ path, settings }: LoadRequest): void {
  if (settings.flashAttention === 'off' && settings.kvCacheValueType.startsWith('Q')) {
    throw refusal(path, 'flashAttention', 'quantized V cache requires flash_attn to be enabled')
  }
}

/** If llama.cpp's last error is about one of the load settings. */
function throwRefusal({ path, settings }: LoadRequest, log: NativeLog): void {
  const setting = refusedSetting(log.lastError, settings)
  if (setting) throw refusal(path, setting, log.lastError)
}

function refusal(path: string, setting: keyof EngineLoadSettings, detail: string): AppFailure {
  return new AppFailure('LOAD_SETTING_REFUSED', { path, setting, detail })
}

async function planOf(llama: Llama, { path, settings, automaticSlots }: LoadRequest): Promise<Plan> {
  const { contextSize, slots, gpuLayers, ...plan } = await estimate(llama, { path }, settings, automaticSlots)
  const { weightsBytes, kvCacheBytes, buffersBytes, draftBytes, adaptersBytes } = plan
  const contextBytes = kvCacheBytes / slots + buffersBytes
  const neededBytes = weightsBytes + kvCacheBytes + buffersBytes + draftBytes + adaptersBytes
  return { contextSize, slots, gpuLayers, contextBytes, neededBytes }
}

async function notEnoughMemory(llama: Llama, path: string, { neededBytes }: Pick<Plan, 'neededBytes'>): Promise<AppFailure> {
  return new AppFailure('NOT_ENOUGH_MEMORY', { path, neededBytes, availableBytes: await freeMemoryBytes(llama) })
}

function ropeOf({ architecture, paths }: InspectResult, { rope }: EngineLoadSettings, plan: Plan): Rope | null {
  const { metadata } = readGgufHeader(paths[0]!)
  return resolveRope(rope, ropeFacts((key) => metadata.get(`${architecture}.${key}`)), plan.contextSize)
}

function poolingOf({ architecture, paths }: InspectResult): Pooling {
  return readGgufHeader(paths[0]!).metadata.get(`${architecture}.pooling_type`) === lastPooling ? 'last' : 'mean'
}

function loadWeights(
  llama: Llama,
  { path, settings, force }: LoadRequest,
  { gpuLayers }: Plan,
  metadataOverrides: LlamaModelOptions['metadataOverrides'],
  onProgress: (fraction: number) => void,
): Promise<LlamaModel> {
  return llama.loadModel({
    modelPath: path,
    gpuLayers,
    // Locked weights are read, not mapped, whatever `useMmap` says: node-llama-cpp 3.22 knows one or the other.
    useMmap: settings.useMmap,
    useMlock: settings.useMlock,
    metadataOverrides,
    ignoreMemorySafetyChecks: force,
    onLoadProgress: onProgress,
  })
}

/** What it returns throws NOT_ENOUGH_MEMORY. */
function secondContextOpener(
  model: LlamaModel,
  request: LoadRequest,
  plan: Plan,
): (changes?: ContextChanges) => Promise<LlamaContext> {
  return async (changes) => {
    const neededBytes = (plan.contextBytes * (changes?.contextSize ?? plan.contextSize)) / plan.contextSize
    const refusal = () => notEnoughMemory(model.llama, request.path, { neededBytes })
    // The library looks at the memory of graphics cards only.
    if (!request.force && neededBytes > (await freeMemoryBytes(model.llama))) throw await refusal()
    try {
      return await createContext(model, request, plan, 1, changes)
    } catch (error) {
      const { InsufficientMemoryError } = await import('node-llama-cpp')
      throw error instanceof InsufficientMemoryError ? await refusal() : error
    }
  }
}

function createContext(
  model: LlamaModel,
  { settings, automaticThreads, force }: LoadRequest,
  { contextSize }: Pick<Plan, 'contextSize'>,
  sequences: number,
  changes: ContextChanges = {},
): Promise<LlamaContext> {
  const { flashAttention, adapters } = settings
  return model.createContext({
    contextSize,
    sequences,
    batchSize: Math.min(settings.batchSize ?? defaultBatchSize, contextSize),
    // More would wait for each other by spinning: 256 on two cores did not get through the warm-up in 100 s.
    threads: Math.min(settings.threads ?? automaticThreads, availableParallelism()),
    flashAttention: flashAttention === 'auto' ? 'auto' : flashAttention === 'on',
    experimentalKvCacheKeyType: settings.kvCacheKeyType,
    experimentalKvCacheValueType: settings.kvCacheValueType,
    lora: { adapters: adapters.map(({ path, scale }) => ({ filePath: path, scale })) },
    ignoreMemorySafetyChecks: force,
    failedCreationRemedy: false,
    ...changes,
  })
}
