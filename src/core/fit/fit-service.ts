/**
 * Whether models fit this machine, and how fast they would be. Estimates come from an engine process
 * without a model; here they meet what is free, and what earlier loads and answers have shown. What
 * cannot be estimated is `unknown`, never too large.
 */
import type { Fit, FitTarget, Machine } from '../../shared/contract/fit.ts'
import type { RemoteFile } from '../../shared/contract/hubs.ts'
import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import { defaultLoadSettings } from '../../shared/lib/default-load-settings.ts'
import type { Model, Runtime } from '../../shared/contract/models.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { EngineCalls, EngineLoadSettings, EstimateResult, EstimateTarget } from '../../shared/engine/messages.ts'
import type { GgufHeader } from '../../shared/lib/gguf-header.ts'
import { bitsPerWeightOf } from '../../shared/lib/quantizations.ts'
import { automaticSlots } from '../engine/automatic-slots.ts'
import { quantizationOf } from '../hubs/hub-variants.ts'
import { resolveLoadSettings } from '../models/resolve-load-settings.ts'
import type { CorePorts, Log } from '../ports.ts'
import { fitOf, minSpeedBytes, unknownFit, type ReadSpeeds } from './fit-of.ts'
import type { FitRepository } from './fit-repository.ts'
import { IdleEngine } from './idle-engine.ts'
import { comparableRatio, correctionOf, minComparableBytes } from './measured-ratio.ts'

export interface FitSources {
  getSettings: () => Settings
  servesPrograms: () => boolean
  findModel: (modelId: string) => Model | null
  /** The head of a file on a hub. Rejects as HubsService does. */
  hubHeader: (file: RemoteFile) => Promise<GgufHeader>
  /** What the catalog knows of a file; null if it does not know it. */
  catalogFile: (entryId: string, fileName: string) => { header: GgufHeader; sizeBytes: number } | null
}

type MachineMemory = EngineCalls['machine']['output']

const comparedLoads = 9
/** Estimates are kept until the free memory has changed by about so much. */
const memoryStepBytes = 128 * 2 ** 20
const maxKeptEstimates = 2_000
/** Of the typical bits per weight, by which a file may differ and still be of the same shape. */
const maxSizeDeviation = 0.2
const latestWeight = 0.3

export class FitService {
  readonly #engine: IdleEngine
  readonly #repository: FitRepository
  readonly #sources: FitSources
  readonly #log: Log
  /** The head of one file of a repository, by hub, repository and revision. */
  readonly #hubHeaders = new Map<string, Promise<GgufHeader>>()
  readonly #estimates = new Map<string, Promise<EstimateResult>>()
  /** How models were loaded last. */
  readonly #runtimes = new Map<string, Runtime>()
  #measurement: Promise<void> | null = null

  constructor(repository: FitRepository, ports: Pick<CorePorts, 'startEngine' | 'log'>, sources: FitSources) {
    this.#repository = repository
    this.#engine = new IdleEngine(ports.startEngine, ports.log)
    this.#sources = sources
    this.#log = ports.log
  }

  /** Rejects with ENGINE_CRASHED. */
  async machine(): Promise<Machine> {
    const memory = await this.#memory()
    void this.measureMemory().catch(() => (this.#measurement = null))
    return { ...memory, memoryBytesPerSecond: this.#speeds().cpu }
  }

  /**
   * Resolves when the speed of the memory is known. Until an answer has shown it, it is measured once
   * by every process of the app, for half a second, and the best counts: other work slows it down.
   */
  async measureMemory(): Promise<void> {
    if (this.#repository.machineValue('cpu-bytes-per-second') !== null) return
    this.#measurement ??= this.#engine.call('measureMemory', {}).then(({ bytesPerSecond }) => {
      const before = this.#repository.machineValue('copied-bytes-per-second') ?? 0
      this.#repository.saveMachineValue('copied-bytes-per-second', Math.max(before, bytesPerSecond))
    })
    if (this.#repository.machineValue('copied-bytes-per-second') === null) await this.#measurement
  }

  /** In the order of the targets. Without `settings`, a model's own count. Rejects with ENGINE_CRASHED. */
  async estimate(targets: FitTarget[], settings?: LoadOverrides): Promise<Fit[]> {
    const memory = await this.#memory()
    const ratios = this.#repository.lastRatios(memory.gpuNames.length > 0, minComparableBytes, comparedLoads)
    const context = { memory, correction: correctionOf(ratios), speeds: this.#speeds() }
    const fits = await Promise.all(
      targets.map((target) => this.#fit(target, settings, context).catch(() => unknownFit)),
    )
    void this.measureMemory().catch(() => (this.#measurement = null))
    return fits
  }

  /** What a load took, beside what it was estimated to take. A measurement that cannot be saved is lost. */
  record(model: Pick<Model, 'id'>, loadOverrides: LoadOverrides, runtime: Runtime): void {
    this.#runtimes.set(model.id, runtime)
    try {
      this.#saveMemory(model, loadOverrides, runtime)
    } catch (error) {
      this.#log.warn('A memory measurement was not saved', { reason: String(error) })
    }
  }

  /**
   * How fast an answer was, without a draft: the speed of reading that it stands for moves towards it.
   * A model on both processor and graphics card says nothing of either, and a mixture of experts
   * reads only a part of its weights.
   */
  recordSpeed(model: Pick<Model, 'id' | 'sizeBytes' | 'architecture'>, tokensPerSecond: number): void {
    const runtime = this.#runtimes.get(model.id)
    if (!runtime || model.sizeBytes < minSpeedBytes || !(tokensPerSecond > 0)) return
    if (/moe/.test(model.architecture)) return
    const isOnCpu = runtime.gpuLayers === 0
    if (!isOnCpu && runtime.gpuLayers < runtime.totalLayers) return
    const name = isOnCpu ? 'cpu-bytes-per-second' : 'gpu-bytes-per-second'
    const latest = tokensPerSecond * model.sizeBytes
    const before = this.#repository.machineValue(name) ?? latest
    this.#repository.saveMachineValue(name, before + latestWeight * (latest - before))
  }

  close(): Promise<void> {
    return this.#engine.close()
  }

  #saveMemory(model: Pick<Model, 'id'>, loadOverrides: LoadOverrides, runtime: Runtime): void {
    const { estimatedBytes, memoryBytes: measuredBytes } = runtime
    const known = this.#sources.findModel(model.id)
    if (!known || !estimatedBytes || measuredBytes <= 0) return
    const settings = { ...defaultLoadSettings, ...loadOverrides }
    this.#repository.saveMemory({
      modelId: model.id,
      settings: memorySettings(settings, runtime),
      gpu: runtime.gpu,
      estimatedBytes,
      measuredBytes,
      ratio: comparableRatio({
        estimatedBytes,
        measuredBytes,
        weightsBytes: known.sizeBytes,
        useMmap: settings.useMmap,
      }),
    })
  }

  async #fit(
    target: FitTarget,
    settings: LoadOverrides | undefined,
    { memory, correction, speeds }: { memory: MachineMemory; correction: number; speeds: ReadSpeeds },
  ): Promise<Fit> {
    const model = target.type === 'model' ? this.#sources.findModel(target.modelId) : null
    const overrides = settings ?? model?.loadOverrides ?? {}
    const { subject, key } = await this.#subject(target, model)
    const estimate = await this.#estimate(key, subject, this.#engineSettings(overrides), memory)
    const settingsText = memorySettings({ ...defaultLoadSettings, ...overrides }, estimate)
    const measuredBytes = model && this.#repository.measuredBytes(model.id, settingsText)
    return fitOf(estimate, memory, { correction, measuredBytes, speeds })
  }

  async #subject(target: FitTarget, model: Model | null): Promise<{ subject: EstimateTarget; key: string }> {
    if (target.type === 'model') {
      if (!model) throw new Error('No such model')
      return { subject: { path: model.path }, key: `${model.path} ${model.sizeBytes}` }
    }
    const key = JSON.stringify(target)
    if (target.type === 'hub') {
      return { subject: { header: await this.#hubHeader(target), weightsBytes: target.sizeBytes }, key }
    }
    const file = this.#sources.catalogFile(target.entryId, target.fileName)
    if (!file) throw new Error('No such file in the catalog')
    return { subject: { header: file.header, weightsBytes: file.sizeBytes }, key }
  }

  #estimate(key: string, target: EstimateTarget, settings: EngineLoadSettings, memory: MachineMemory) {
    const { gpu } = this.#sources.getSettings()
    const slots = automaticSlots(this.#sources.servesPrograms())
    const free = [memory.freeRamBytes, memory.freeGpuBytes].map((bytes) => Math.round(bytes / memoryStepBytes))
    const wholeKey = [gpu, slots, free, key, JSON.stringify(settings)].join(' ')
    const kept = this.#estimates.get(wholeKey)
    if (kept) return kept
    const estimate = this.#engine.call('estimate', { target, gpu, automaticSlots: slots, settings })
    if (this.#estimates.size >= maxKeptEstimates) this.#estimates.clear()
    this.#estimates.set(wholeKey, estimate)
    return estimate
  }

  /**
   * The files of a repository mostly are one model in several quantizations, so the head of one does
   * for those whose size is what their name and that head let expect. Others are read themselves.
   */
  async #hubHeader({ file, sizeBytes }: Extract<FitTarget, { type: 'hub' }>): Promise<GgufHeader> {
    const key = [file.sourceId, file.repository, file.revision].join(' ')
    const first = this.#hubHeaders.get(key)
    if (!first) {
      const header = this.#sources.hubHeader(file)
      this.#hubHeaders.set(key, header)
      header.catch(() => this.#hubHeaders.delete(key))
      return header
    }
    const known = await first.catch(() => null)
    if (known && isSameShape(known, quantizationOf(file.path), sizeBytes)) return known
    return this.#sources.hubHeader(file)
  }

  /** An adapter or draft that is not there any more is left out: loading will say so. */
  #engineSettings(overrides: LoadOverrides): EngineLoadSettings {
    const { findModel } = this.#sources
    try {
      return resolveLoadSettings(overrides, findModel)
    } catch {
      return resolveLoadSettings({ ...overrides, adapters: [], draft: { type: 'none' } }, findModel)
    }
  }

  #memory(): Promise<MachineMemory> {
    return this.#engine.call('machine', { gpu: this.#sources.getSettings().gpu })
  }

  #speeds(): ReadSpeeds {
    return {
      cpu:
        this.#repository.machineValue('cpu-bytes-per-second') ??
        this.#repository.machineValue('copied-bytes-per-second'),
      gpu: this.#repository.machineValue('gpu-bytes-per-second'),
    }
  }
}

/** Loads with the same text take the same memory, of one model. */
function memorySettings(
  settings: typeof defaultLoadSettings,
  chosen: Pick<Runtime, 'contextSize' | 'slots' | 'gpuLayers'>,
): string {
  const { batchSize, flashAttention, kvCacheKeyType, kvCacheValueType, useMmap, adapters, draft } = settings
  return JSON.stringify({
    contextSize: settings.contextSize ?? chosen.contextSize,
    gpuLayers: settings.gpuLayers ?? chosen.gpuLayers,
    slots: settings.slots ?? chosen.slots,
    batchSize,
    flashAttention,
    kvCacheKeyType,
    kvCacheValueType,
    useMmap,
    adapters: adapters.map(({ modelId }) => modelId),
    draft: draft.type === 'model' ? draft.modelId : null,
  })
}

function isSameShape({ tensors }: GgufHeader, quantization: string, sizeBytes: number): boolean {
  const typical = bitsPerWeightOf(quantization)
  if (typical === null) return false
  const parameterCount = tensors.reduce((sum, { elementCount }) => sum + elementCount, 0)
  const bitsPerWeight = (sizeBytes * 8) / parameterCount
  return Math.abs(bitsPerWeight / typical - 1) < maxSizeDeviation
}
