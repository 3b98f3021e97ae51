/**
 * What becomes of the models in the library: imported, loaded, used, removed. The demo model that
 * ships with the app is one of them, found anew at each start.
 */
import { realpath } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { LoadState, Model, Runtime } from '../../shared/contract/models.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { splitPart } from '../../shared/lib/split-files.ts'
import type { ChatStates, EngineSupervisor } from '../engine/engine-supervisor.ts'
import type { CorePorts } from '../ports.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { isInside } from '../model-folders/is-inside.ts'
import type { OtherAppFolder } from '../model-folders/other-apps.ts'
import { modelFilesAt } from '../model-folders/walk-folder.ts'
import { BackgroundHashing } from './background-hashing.ts'
import { LoadedModels } from './loaded-models.ts'
import type { LoadableModel, LoadOptions, UseOptions } from './model-engine.ts'
import { modelPaths, statModel } from './model-file.ts'
import type { ModelLibrary } from './model-library.ts'
import { placeFiles, type Placing } from './place-files.ts'
import { resolveLoadSettings } from './resolve-load-settings.ts'
import { settledInTurn } from './settled-in-turn.ts'
import { trashAll } from './trash-files.ts'

type ModelsPorts = Pick<CorePorts, 'startEngine' | 'log' | 'bundledModelPath' | 'modelsDirectory' | 'trashFile'>

/** What changes with programs being served. */
export interface ProgramsOptions {
  /** Default: never. */
  servesPrograms?: () => boolean
  /** What programs have made, by its own id; null if there is no such. */
  findDerived?: (id: string) => LoadableModel | null
}

/** A request is no reason to write to the disk each time. */
const touchPeriodMs = 60_000

/** How an imported file comes into the list. */
export type ImportWay = 'in-place' | Placing

export class ModelsService {
  readonly #library: ModelLibrary
  readonly #settings: SettingsService
  readonly #ports: ModelsPorts
  readonly #otherApps: OtherAppFolder[]
  readonly #loaded: LoadedModels
  readonly #hashing: BackgroundHashing
  readonly #closing = new AbortController()
  /** Ids and times. */
  readonly #touchedAt = new Map<string, number>()
  readonly #findDerived: (id: string) => LoadableModel | null
  #bundled: Promise<unknown> = Promise.resolve()

  /** `onReady` is called every time a model has become ready; `states` keeps the KV states of chats. */
  constructor(
    library: ModelLibrary,
    settings: SettingsService,
    ports: ModelsPorts,
    otherApps: OtherAppFolder[],
    onReady: (model: LoadableModel, runtime: Runtime) => void = () => {},
    states?: ChatStates,
    { servesPrograms = () => false, findDerived = () => null }: ProgramsOptions = {},
  ) {
    this.#library = library
    this.#settings = settings
    this.#ports = ports
    this.#otherApps = otherApps
    this.#findDerived = findDerived
    this.#loaded = new LoadedModels({
      starter: ports.startEngine,
      log: ports.log,
      getSettings: () => settings.get(),
      servesPrograms,
      resolveSettings: (overrides) => resolveLoadSettings(overrides, (id) => library.find(id)),
      onLoadState: (modelId, load) => library.publish({ type: 'load-changed', modelId, load }),
      onReady,
      states,
    })
    this.#hashing = new BackgroundHashing(library, () => this.#loaded.isBusy, ports.log, this.#closing.signal)
  }

  /**
   * Begins, in the background, what every start does: finds the bundled model, and loads the default
   * one (else the bundled one), unless `loadsModel` says not to. How the loading goes is told by `watch`.
   * Resolves when the bundled model is found.
   */
  async start(loadsModel = true): Promise<void> {
    const { bundledModelPath: path, log } = this.#ports
    const known = this.#library.repository.findBundled()?.model
    // The very first start inspects and loads it at the same time, to answer sooner.
    const bundled = {
      id: known?.id ?? uuidv7(),
      name: known?.name ?? basename(path),
      path,
      loadOverrides: known?.loadOverrides ?? {},
    }
    this.#bundled = this.#library.add({ path, source: 'bundled', id: bundled.id }).catch((error: unknown) => {
      log.warn('There is no bundled model', { path, reason: String(error) })
    })
    const { defaultModelId } = this.#settings.get()
    const model = (defaultModelId && this.#library.find(defaultModelId)) || bundled
    void this.#beginWork(loadsModel ? model : null)
    await this.#bundled
  }

  watch(signal?: AbortSignal) {
    return this.#library.watch(this.#loaded.loadStates(), signal)
  }

  list(): { models: Model[]; loads: Record<string, LoadState> } {
    return { models: this.#library.list(), loads: this.#loaded.loadStates() }
  }

  /** Throws NOT_FOUND. */
  get(modelId: string): Model {
    return this.#library.get(modelId)
  }

  /** null if it is not in the library (any more). */
  find(modelId: string): Model | null {
    return this.#library.find(modelId)
  }

  /** What answers a chat: its own model if still there, else the default, else the bundled one. Throws NO_MODEL. */
  async forChat(chatModelId: string | null): Promise<Model> {
    for (const id of [chatModelId, this.#settings.get().defaultModelId]) {
      const model = id && this.#library.find(id)
      if (model) return model
    }
    await this.#bundled
    const bundled = this.#library.repository.findBundled()
    if (!bundled) throw new AppFailure('NO_MODEL', {})
    return bundled.model
  }

  /**
   * A file, or all models in a folder (then returns the first). A relative path starts at the working
   * directory. Rejects with the codes of `models.importFile`.
   */
  async importFile(path: string, how: ImportWay = 'in-place'): Promise<Model> {
    const files = await modelFilesAt(resolve(path))
    const imports = await settledInTurn(files, (file) => this.#importOne(file, how))
    const done = imports.find((one) => one.status === 'fulfilled')
    if (!done) throw (imports[0] as PromiseRejectedResult).reason
    this.hash()
    return done.value
  }

  /** What was just downloaded, all parts of a split model together. `sha256` is of the first. */
  addDownloaded(files: { paths: string[]; repository: string; sha256: string }): Promise<Model> {
    const { paths, repository, sha256 } = files
    return this.#library.add({ path: paths[0]!, source: 'download', repository, sha256 })
  }

  /** Computes missing hashes in the background. */
  hash(): void {
    void this.#hashing.run()
  }

  /** Of the library, or a derived one. Rejects with the codes of `models.load`. */
  async load(modelId: string, options: LoadOptions = {}): Promise<void> {
    const model = this.#loadable(modelId)
    await this.#loaded.load(model, options)
    if (this.find(model.id)) this.#quietly(() => this.#settings.update({ defaultModelId: model.id }))
    this.#touch(model)
  }

  cancelLoad(modelId: string): void {
    this.#loaded.cancelLoad(modelId)
  }

  async unload(modelId: string): Promise<void> {
    await this.#loaded.unload(modelId)
  }

  /** See LoadedModels.retire. */
  retire(modelId: string): void {
    this.#loaded.retire(modelId)
  }

  async remove(modelId: string): Promise<void> {
    await this.#loaded.unloadFile(this.get(modelId).path)
    this.#library.remove(modelId)
    this.#forgetDefault(modelId)
  }

  /** See `models.trash`. */
  async trash(modelId: string): Promise<void> {
    const model = this.get(modelId)
    if (await this.#isReadOnly(model)) throw new AppFailure('READ_ONLY_MODEL', { path: model.path })
    await this.#loaded.unloadFile(model.path)
    await trashAll(model, this.#ports.trashFile)
    this.#library.forget([modelId])
    this.#forgetDefault(modelId)
  }

  /** Rejects with NOT_FOUND, CHAT_BUSY, or ENGINE_CRASHED. */
  async measureThreads(modelId: string) {
    const speeds = await this.#loaded.measureThreads(this.#loadable(modelId))
    const fastest = speeds.reduce((best, speed) => (speed.tokensPerSecond > best.tokensPerSecond ? speed : best))
    this.#quietly(() => this.#settings.update({ measuredThreads: fastest.threads }))
    return speeds
  }

  /** See LoadedModels.use. A model that is not of the library, with an id of its own, gets an engine of its own. */
  async use<T>(
    model: LoadableModel,
    chatId: string,
    options: UseOptions,
    work: (engine: EngineSupervisor) => Promise<T>,
  ): Promise<T | null> {
    if (!options.onDemand || Date.now() - (this.#touchedAt.get(model.id) ?? 0) >= touchPeriodMs) this.#touch(model)
    return this.#loaded.use(model, chatId, options, work)
  }

  /** See LoadedModels.unloadIfChanged. Rejects with NOT_FOUND. */
  async unloadIfChanged(modelId: string): Promise<void> {
    await this.#loaded.unloadIfChanged(this.get(modelId))
  }

  /** See LoadedModels.loaded. */
  loaded(modelId: string): EngineSupervisor | null {
    return this.#loaded.loaded(modelId)
  }

  /** Ends all engines. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#loaded.close()
  }

  async #beginWork(model: LoadableModel | null): Promise<void> {
    if (model) await this.#loadAtStart(model)
    await this.#bundled
    await this.#library.refresh(this.#closing.signal)
    this.hash()
  }

  /** Throws NOT_FOUND. */
  #loadable(id: string): LoadableModel {
    return this.#findDerived(id) ?? this.get(id)
  }

  async #loadAtStart(model: LoadableModel): Promise<void> {
    try {
      await statModel(model.path)
      await this.#loaded.load(model)
    } catch (error) {
      this.#ports.log.warn('No model was loaded at start', { reason: String(error) })
    }
  }

  async #importOne(path: string, how: ImportWay): Promise<Model> {
    const seen = await this.#library.look({ path, source: 'file' })
    const root = this.#settings.get().modelsDirectory ?? this.#ports.modelsDirectory
    if (how === 'in-place' || isInside(path, root)) return this.#library.add(seen.found)
    const known = this.#library.repository.findByPath(seen.files.path)?.model ?? null
    if (how === 'move' && (await this.#isReadOnly(known ?? { path, source: 'file' }))) {
      throw new AppFailure('READ_ONLY_MODEL', { path })
    }
    const paths = seen.facts?.paths ?? modelPaths(known!)
    const stem = splitPart(basename(path))?.stem ?? basename(path, extname(path))
    const directory = join(root, ...(known?.repository?.split('/') ?? ['imported', stem]))
    const [placed] = await placeFiles(paths, directory, how)
    if (how === 'move' && known && this.#library.find(known.id)) this.#library.setPath(known.id, placed!)
    const repository = known?.repository ?? undefined
    return this.#library.add({ path: placed!, source: 'file', repository })
  }

  /** Whether the file is another app's, or came with this one. */
  async #isReadOnly({ path, source }: Pick<Model, 'path' | 'source'>): Promise<boolean> {
    if (source === 'bundled') return true
    const real = await realpath(path).catch(() => path)
    return this.#otherApps.some((folder) => isInside(path, folder.path) || isInside(real, folder.path))
  }

  #forgetDefault(modelId: string): void {
    if (this.#settings.get().defaultModelId === modelId) this.#settings.update({ defaultModelId: null })
  }

  #touch(model: Pick<Model, 'id'>): void {
    this.#touchedAt.set(model.id, Date.now())
    this.#quietly(() => {
      this.#library.repository.setLastUsedAt(model.id, Date.now())
      this.#library.announce(model.id)
    })
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
