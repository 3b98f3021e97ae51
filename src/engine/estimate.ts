/**
 * What loading a model would take, before it is loaded. node-llama-cpp plans the model and its
 * context with llama.cpp's own code, without allocating them, so the sums are exact as long as
 * llama.cpp knows the architecture; where it does not plan (a header without its lists), the
 * library's rule of thumb stands in. Only the division of a context into cache and buffers is
 * arithmetic of ours. Weights that the processor wants in another order are kept a second time; the
 * first is a mapped file that the system may drop, so they count once.
 */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import type { GgufInsights, Llama } from 'node-llama-cpp'
import type { EngineLoadSettings, EstimateResult, EstimateTarget } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { defaultLoadSettings } from '../shared/lib/default-load-settings.ts'
import type { GgufHeader } from '../shared/lib/gguf-header.ts'
import type { KvCacheType } from '../shared/lib/load-setting-values.ts'
import { modelHead, type ModelHead } from './estimate-head.ts'
import { freeMemory, type FreeMemory } from './free-memory.ts'
import { withGguf } from './gguf-header.ts'
import { inspectModel } from './inspect-model.ts'

const defaultMaxContextSize = 8192
const minContextSize = 512
export const defaultBatchSize = 512
/** Plans are kept for so many models, heads for so many files. */
const maxPlans = 64
const maxHeads = 1000
/** Of the free memory, what automatic slots may fill; loads that fill more are shown as tight. */
const roomShare = 0.9

/** Bytes of one number. Source: ggml.c, `type_traits`. */
const bytesByType: Record<KvCacheType, number> = {
  F32: 4,
  F16: 2,
  Q8_0: 34 / 32,
  Q5_1: 24 / 32,
  Q5_0: 22 / 32,
  Q4_1: 20 / 32,
  Q4_0: 18 / 32,
}

type SlotSettings = EngineLoadSettings & { slots: number }

/** One model with one choice of where its layers are. In bytes. */
interface Plan {
  gpuLayers: number
  contextSize: number
  weights: { ram: number; gpu: number }
  context: { ram: number; gpu: number }
}

/**
 * With what is free now: how many layers go to the graphics card, how long the context is and how many slots have
 * one, where the settings leave that open. Of `automaticSlots`, or half or a quarter of them, as many as leave the
 * context as long as one slot has it, as many layers on the card, and a tenth of the memory free. Rejects as
 * `inspectModel`; ARCHITECTURE_UNSUPPORTED for a header too.
 */
export async function estimate(
  llama: Llama,
  target: EstimateTarget,
  asked: EngineLoadSettings,
  automaticSlots: number,
): Promise<EstimateResult> {
  const model = await Planner.of(llama, target)
  const free = await freeMemory(llama)
  const adaptersBytes = asked.adapters.reduce((sum, { path }) => sum + sizeOf(path), 0)
  const draftWeightsBytes = asked.draft.type === 'model' ? sizeOf(asked.draft.path) : 0
  let settings: SlotSettings = { ...asked, slots: asked.slots ?? 1 }
  let plan = await model.planThatFits(settings, free, adaptersBytes + draftWeightsBytes)
  let draft = await draftPlan(llama, settings, plan, free)
  for (let slots = automaticSlots; asked.slots === null && slots > settings.slots; slots = Math.floor(slots / 2)) {
    const more = { ...settings, slots }
    const morePlan = await model.plan(more, free, plan.contextSize)
    const moreDraft = await draftPlan(llama, more, morePlan, free)
    const { weights, context } = morePlan
    const neededBytes = bytesOf(weights) + bytesOf(context) + bytesOf(moreDraft) + adaptersBytes
    if (morePlan.gpuLayers < plan.gpuLayers || neededBytes > roomShare * (free.ram + free.gpu)) continue
    ;[settings, plan, draft] = [more, morePlan, moreDraft]
  }
  const kvCacheBytes = await model.kvCacheBytes(plan, settings)
  return {
    weightsBytes: plan.weights.ram + plan.weights.gpu,
    kvCacheBytes,
    buffersBytes: plan.context.ram + plan.context.gpu - kvCacheBytes,
    draftBytes: draft.ram + draft.gpu,
    adaptersBytes,
    gpuBytes: plan.weights.gpu + plan.context.gpu + draft.gpu,
    contextSize: plan.contextSize,
    slots: settings.slots,
    gpuLayers: plan.gpuLayers,
    totalLayers: model.totalLayers,
  }
}

function bytesOf({ ram, gpu }: { ram: number; gpu: number }): number {
  return ram + gpu
}

/** The draft model reads the same context as the model it drafts for, with nothing else chosen. */
async function draftPlan(llama: Llama, settings: SlotSettings, { contextSize, ...plan }: Plan, free: FreeMemory) {
  if (settings.draft.type !== 'model') return { ram: 0, gpu: 0 }
  const model = await Planner.of(llama, { path: settings.draft.path })
  const left = { ...free, forGpu: free.forGpu - plan.weights.gpu - plan.context.gpu }
  const ofDraft = { ...defaultLoadSettings, slots: settings.slots, adapters: [], draft: settings.draft }
  const { weights, context } = await model.plan(ofDraft, left, contextSize)
  return { ram: weights.ram + context.ram, gpu: weights.gpu + context.gpu }
}

class Planner {
  static readonly #byHead = new Map<string, { head: ModelHead; insights: GgufInsights }>()

  readonly #llama: Llama
  readonly #head: ModelHead
  readonly #insights: GgufInsights
  /** What the weights of the head are multiplied with to be those of the file. */
  readonly #weightsScale: number

  static async of(llama: Llama, target: EstimateTarget): Promise<Planner> {
    const head = 'path' in target ? await headOfFile(target.path) : modelHead('', target.header)
    const key = `${llama.gpu} ${createHash('sha256').update(head.bytes).digest('hex')}`
    let known = Planner.#byHead.get(key)
    if (!known) {
      const { GgufInsights } = await import('node-llama-cpp')
      const sourceData = [{ type: 'buffer' as const, buffer: head.bytes }]
      known = { head, insights: await GgufInsights.from({ ...head.info, sourceData }, llama) }
      if (!known.insights.isSupportedByLlamaCpp) {
        throw new AppFailure('ARCHITECTURE_UNSUPPORTED', { path: '', architecture: head.architecture })
      }
      if (Planner.#byHead.size >= maxPlans) Planner.#byHead.clear()
      Planner.#byHead.set(key, known)
    }
    const weightsBytes = 'path' in target ? null : target.weightsBytes
    return new Planner(llama, known, (weightsBytes ?? known.head.weightsBytes) / known.head.weightsBytes)
  }

  constructor(llama: Llama, { head, insights }: { head: ModelHead; insights: GgufInsights }, weightsScale: number) {
    this.#llama = llama
    this.#head = head
    this.#insights = insights
    this.#weightsScale = weightsScale
  }

  get totalLayers(): number {
    return this.#insights.totalLayers
  }

  /** With the context that was asked for, else the training context, cut to 8192 tokens and halved until it fits. */
  async planThatFits(settings: SlotSettings, free: FreeMemory, extraBytes: number): Promise<Plan> {
    const trained = this.#insights.trainContextSize || defaultMaxContextSize
    let plan = await this.plan(settings, free, settings.contextSize ?? Math.min(trained, defaultMaxContextSize))
    const fits = ({ weights, context }: Plan) =>
      weights.ram + context.ram + weights.gpu + context.gpu + extraBytes <= free.ram + free.gpu
    while (settings.contextSize === null && !fits(plan) && plan.contextSize >= 2 * minContextSize) {
      plan = await this.plan(settings, free, Math.floor(plan.contextSize / 2))
    }
    return plan
  }

  /** With the layers on the graphics card that were asked for, else as many as fit there. */
  async plan(settings: SlotSettings, free: FreeMemory, contextSize: number): Promise<Plan> {
    const wanted = this.#llama.supportsGpuOffloading ? settings.gpuLayers : 0
    if (wanted !== null) return this.#planLayers(settings, contextSize, Math.min(wanted, this.totalLayers))
    const roomBytes = free.forGpu - this.#llama.vramPaddingSize
    let best = await this.#planLayers(settings, contextSize, 0)
    if (roomBytes <= 0) return best
    // The first step takes all layers, the next halve what is left to try.
    for (let low = 0, high = this.totalLayers, layers = high; low < high; layers = Math.ceil((low + high) / 2)) {
      const plan = await this.#planLayers(settings, contextSize, layers)
      if (plan.weights.gpu + plan.context.gpu <= roomBytes) {
        best = plan
        low = layers
      } else {
        high = layers - 1
      }
    }
    return best
  }

  async #planLayers(settings: SlotSettings, contextSize: number, gpuLayers: number): Promise<Plan> {
    const { useMmap } = settings
    const weights = await this.#insights.estimateModelResourceRequirementsV2({ gpuLayers, useMmap })
    const context = await this.#insights.estimateContextResourceRequirementsV2({
      contextSize,
      modelGpuLayers: gpuLayers,
      batchSize: Math.min(settings.batchSize ?? defaultBatchSize, contextSize),
      sequences: settings.slots,
      flashAttention: flashAttentionOf(settings),
      kvCacheKeyType: await ggmlType(settings.kvCacheKeyType),
      kvCacheValueType: await ggmlType(settings.kvCacheValueType),
      useMmap,
    })
    const scale = this.#weightsScale
    return {
      gpuLayers,
      contextSize,
      weights: { ram: Math.round(weights.cpuRam * scale), gpu: Math.round(weights.gpuVram * scale) },
      context: { ram: Math.round(context.cpuRam), gpu: Math.round(context.gpuVram) },
    }
  }

  /**
   * What of a planned context are keys and values. Layers with a sliding window keep less, and which
   * they are only llama.cpp knows: then it is the context without the buffers that a short one has.
   */
  async kvCacheBytes(plan: Plan, settings: SlotSettings): Promise<number> {
    const contextBytes = plan.context.ram + plan.context.gpu
    const wholeBytes = this.#wholeCacheBytes(plan.contextSize, settings)
    if (wholeBytes < contextBytes) return wholeBytes
    const { context } = await this.#planLayers(settings, minContextSize, plan.gpuLayers)
    const buffersBytes = context.ram + context.gpu - this.#wholeCacheBytes(minContextSize, settings)
    return Math.max(0, contextBytes - Math.max(0, buffersBytes))
  }

  /** Keys and values of every layer for every slot. */
  #wholeCacheBytes(contextSize: number, { slots, kvCacheKeyType, kvCacheValueType }: SlotSettings): number {
    const { numbers } = this.#head
    const at = (value: number | number[] | undefined, layer: number) => (Array.isArray(value) ? value[layer] : value)
    const heads = numbers('attention.head_count')
    let bytesPerToken = 0
    for (let layer = 0; layer < this.totalLayers - 1; layer++) {
      const headCount = at(heads, layer) ?? 0
      const headDim = headCount && (at(numbers('embedding_length'), layer) ?? 0) / headCount
      const keyBytes = (at(numbers('attention.key_length'), layer) ?? headDim) * bytesByType[kvCacheKeyType]
      const valueBytes = (at(numbers('attention.value_length'), layer) ?? headDim) * bytesByType[kvCacheValueType]
      bytesPerToken += (at(numbers('attention.head_count_kv'), layer) ?? headCount) * (keyBytes + valueBytes)
    }
    return Math.round(bytesPerToken * contextSize * slots)
  }
}

const headsByFile = new Map<string, ModelHead>()

/** Kept as long as the file does not change, because inspecting it reads the whole vocabulary. */
async function headOfFile(path: string): Promise<ModelHead> {
  const stats = statSync(path, { throwIfNoEntry: false })
  const key = `${path} ${stats?.size} ${stats?.mtimeMs}`
  const known = headsByFile.get(key)
  if (known) return known
  const { paths } = await inspectModel(path)
  const tensors = paths.slice(1).flatMap((part) => withGguf(part, ({ header }) => header.tensors))
  const head = withGguf(path, ({ header, arrayBytes }) => {
    const whole: GgufHeader = { ...header, tensors: [...header.tensors, ...tensors] }
    return modelHead(path, whole, arrayBytes)
  })
  if (headsByFile.size >= maxHeads) headsByFile.clear()
  headsByFile.set(key, head)
  return head
}

async function ggmlType(type: KvCacheType) {
  const { GgmlType } = await import('node-llama-cpp')
  return GgmlType[type]
}

/** Quantized values without flash attention are refused by the load; there is nothing to plan. */
function flashAttentionOf({ flashAttention, kvCacheValueType }: EngineLoadSettings): boolean | 'auto' {
  const isQuantized = bytesByType[kvCacheValueType] < 2
  return flashAttention === 'off' && !isQuantized ? false : flashAttention === 'on' ? true : 'auto'
}

/** 0 where it is not there any more: loading says so. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
