/**
 * The models the app knows, and what becomes of them: imported, loaded, used, removed. A model is a
 * file where it lies; only what inspecting it told is stored here, and told again when the file has
 * changed. The demo model that ships with the app is one of them, found anew at each start.
 */
import { basename, resolve } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { Model, ModelEvent } from '../../shared/contract/models.ts'
import type { GenerateRequest } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { EngineSupervisor } from '../engine/engine-supervisor.ts'
import { inspectFile } from '../engine/inspect-file.ts'
import { EventStream } from '../event-stream.ts'
import type { CorePorts } from '../ports.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { LoadedModels, type LoadableModel, type LoadOptions, type UseOptions } from './loaded-models.ts'
import { sha256InBackground, statModelFile } from './model-file.ts'
import type { ModelsRepository } from './models-repository.ts'
import { resolveLoadSettings } from './resolve-load-settings.ts'

type ModelsPorts = Pick<CorePorts, 'startEngine' | 'log' | 'bundledModelPath'>

export class ModelsService {
  readonly #repository: ModelsRepository
  readonly #settings: SettingsService
  readonly #ports: ModelsPorts
  readonly #events = new EventStream<ModelEvent>()
  readonly #loaded: LoadedModels
  /** By path: two imports of a file at once must not make two models. */
  readonly #imports = new Map<string, Promise<Model>>()
  readonly #closing = new AbortController()
  #bundled: Promise<unknown> = Promise.resolve()
  #isHashing = false

  constructor(repository: ModelsRepository, settings: SettingsService, ports: ModelsPorts) {
    this.#repository = repository
    this.#settings = settings
    this.#ports = ports
    this.#loaded = new LoadedModels({
      starter: ports.startEngine,
      log: ports.log,
      getSettings: () => settings.get(),
      resolveSettings: (overrides) => resolveLoadSettings(overrides, (id) => this.#repository.find(id)),
      onLoadState: (modelId, load) => this.#events.publish({ type: 'load-changed', modelId, load }),
      onReady: () => {},
    })
  }

  /**
   * Begins, in the background, what every start does: finds the bundled model, and loads the default
   * one (else the bundled one). How the loading goes is told by `watch`.
   */
  start(): void {
    const { bundledModelPath: path, log } = this.#ports
    const known = this.#repository.findBundled()?.model
    // The very first start inspects and loads it at the same time, to answer sooner.
    const bundled = {
      id: known?.id ?? uuidv7(),
      name: known?.name ?? basename(path),
      path,
      loadOverrides: known?.loadOverrides ?? {},
    }
    this.#bundled = this.#add(path, 'bundled', bundled.id).catch((error: unknown) => {
      log.warn('There is no bundled model', { path, reason: String(error) })
    })
    const { defaultModelId } = this.#settings.get()
    void this.#loadAtStart((defaultModelId && this.#repository.find(defaultModelId)) || bundled)
  }

  watch(signal?: AbortSignal) {
    const first = { type: 'models', models: this.#repository.list(), loads: this.#loaded.loadStates() } as const
    return this.#events.watch(first, signal)
  }

  /** Throws NOT_FOUND. */
  get(modelId: string): Model {
    const model = this.#repository.find(modelId)
    if (!model) throw new AppFailure('NOT_FOUND', { what: 'model', id: modelId })
    return model
  }

  /** What answers a chat: its own model if still there, else the default, else the bundled one. Throws NO_MODEL. */
  async forChat(chatModelId: string | null): Promise<Model> {
    for (const id of [chatModelId, this.#settings.get().defaultModelId]) {
      const model = id && this.#repository.find(id)
      if (model) return model
    }
    await this.#bundled
    const bundled = this.#repository.findBundled()
    if (!bundled) throw new AppFailure('NO_MODEL', {})
    return bundled.model
  }

  /** Rejects with the codes of `models.importFile`. A relative path starts at the working directory. */
  async importFile(path: string): Promise<Model> {
    const model = await this.#add(resolve(path), 'file', uuidv7())
    void this.#hashFiles()
    return model
  }

  /** Rejects with the codes of `models.load`. */
  async load(modelId: string, options: LoadOptions = {}): Promise<void> {
    const model = this.get(modelId)
    await this.#loaded.load(model, options)
    this.#quietly(() => this.#settings.update({ defaultModelId: modelId }))
    this.#touch(model)
  }

  cancelLoad(modelId: string): void {
    this.#loaded.cancelLoad(modelId)
  }

  async unload(modelId: string): Promise<void> {
    await this.#loaded.unload(modelId)
  }

  async remove(modelId: string): Promise<void> {
    this.get(modelId)
    await this.#loaded.unload(modelId)
    this.#repository.delete(modelId)
    this.#events.publish({ type: 'models-removed', modelIds: [modelId] })
    if (this.#settings.get().defaultModelId === modelId) this.#settings.update({ defaultModelId: null })
  }

  /** Rejects with NOT_FOUND, CHAT_BUSY, or ENGINE_CRASHED. */
  async measureThreads(modelId: string) {
    const speeds = await this.#loaded.measureThreads(this.get(modelId))
    const fastest = speeds.reduce((best, speed) => (speed.tokensPerSecond > best.tokensPerSecond ? speed : best))
    this.#quietly(() => this.#settings.update({ measuredThreads: fastest.threads }))
    return speeds
  }

  /** See LoadedModels.use. */
  async use<T>(
    model: Model,
    chatId: string,
    options: UseOptions,
    work: (engine: EngineSupervisor) => Promise<T>,
  ): Promise<T | null> {
    this.#touch(model)
    return this.#loaded.use(model, chatId, options, work)
  }

  /** See LoadedModels.countPrompt. */
  countPrompt(modelId: string, prompt: GenerateRequest['prompt']) {
    return this.#loaded.countPrompt(modelId, prompt)
  }

  /** Ends all engines. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#loaded.close()
  }

  async #loadAtStart(model: LoadableModel): Promise<void> {
    try {
      await statModelFile(model.path)
      await this.#loaded.load(model)
    } catch (error) {
      this.#ports.log.warn('No model was loaded at start', { reason: String(error) })
    }
    await this.#bundled
    void this.#hashFiles()
  }

  /** `id` is for a model that is new. */
  #add(path: string, source: Model['source'], id: string): Promise<Model> {
    const running = this.#imports.get(path)
    if (running) return running
    const adding = this.#inspect(path, source, id).finally(() => this.#imports.delete(path))
    this.#imports.set(path, adding)
    return adding
  }

  async #inspect(path: string, source: Model['source'], id: string): Promise<Model> {
    const { sizeBytes, modifiedAt } = await statModelFile(path)
    const known = (source === 'bundled' && this.#repository.findBundled()) || this.#repository.findByPath(path)
    const isSame = known?.model.sizeBytes === sizeBytes && known.modifiedAt === modifiedAt
    if (isSame && known.model.path === path) return known.model
    const facts = isSame ? known.model : await inspectFile(this.#ports.startEngine, path, this.#ports.log)
    const model = this.#repository.save(
      {
        id: known?.model.id ?? id,
        type: facts.type,
        repository: known?.model.repository ?? null,
        partCount: 1,
        vocabularySize: facts.vocabularySize,
        vocabularyHash: facts.vocabularyHash,
        kind: known?.model.kind ?? 'chat',
        loadOverrides: known?.model.loadOverrides ?? {},
        doctor: null,
        isPresent: true,
        name: facts.name,
        path,
        sizeBytes,
        source: known?.model.source ?? source,
        architecture: facts.architecture,
        parameterCount: facts.parameterCount,
        quantization: facts.quantization,
        trainContextSize: facts.trainContextSize,
        hasChatTemplate: facts.hasChatTemplate,
        sha256: isSame ? known.model.sha256 : null,
        addedAt: known?.model.addedAt ?? Date.now(),
        lastUsedAt: known?.model.lastUsedAt ?? null,
      },
      modifiedAt,
    )
    this.#events.publish({ type: 'models-saved', models: [model] })
    return model
  }

  /** One file after the other, until all are hashed; those that cannot be read are left for the next start. */
  async #hashFiles(): Promise<void> {
    if (this.#isHashing) return
    this.#isHashing = true
    const unreadable = new Set<string>()
    const { signal } = this.#closing
    for (;;) {
      const model = signal.aborted
        ? undefined
        : this.#repository.list().find(({ id, sha256 }) => sha256 === null && !unreadable.has(id))
      if (!model) break
      try {
        const sha256 = await sha256InBackground(model.path, () => this.#loaded.isBusy, signal)
        const { modifiedAt } = await statModelFile(model.path)
        this.#repository.setSha256(model.id, modifiedAt, sha256)
        this.#announce(model.id)
        if (this.#repository.find(model.id)?.sha256 === null) unreadable.add(model.id) // changed meanwhile
      } catch (error) {
        unreadable.add(model.id)
        if (!signal.aborted) this.#ports.log.warn('A model was not hashed', { path: model.path, reason: String(error) })
      }
    }
    this.#isHashing = false
  }

  #touch(model: Model): void {
    this.#quietly(() => {
      this.#repository.setLastUsedAt(model.id, Date.now())
      this.#announce(model.id)
    })
  }

  #announce(modelId: string): void {
    const model = this.#repository.find(modelId)
    if (model) this.#events.publish({ type: 'models-saved', models: [model] })
  }

  /** A loaded model is of use even if a full disk cannot take the note about it. */
  #quietly(save: () => unknown): void {
    try {
      save()
    } catch (error) {
      this.#ports.log.warn('A note about a model was not saved', { reason: String(error) })
    }
  }
}
