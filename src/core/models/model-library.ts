/**
 * The models the app knows, by their files. A model is a file (or the parts of a split one) where it
 * lies; only what inspecting it told is stored here, and told again when the file has changed.
 * Inspecting takes its time and saving does not: what was seen meanwhile is compared at the moment of
 * saving, so a file that is imported and scanned at once is still one model.
 */
import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Report } from '../../shared/contract/doctor.ts'
import type { LoadOverrides, TemplateChoice } from '../../shared/contract/load-settings.ts'
import type { LoadState, Model, ModelDetails, ModelEvent, ModelSource } from '../../shared/contract/models.ts'
import type { InspectResult } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { examine } from '../doctor/examine.ts'
import type { Inspector } from '../engine/inspector.ts'
import { EventStream } from '../event-stream.ts'
import { statModel, type ModelFiles } from './model-file.ts'
import { worstGrade, type KnownFile, type ModelsRepository, type StoredModel } from './models-repository.ts'

/** A file that is or may be a model, and what its place says of it. */
export interface FoundModel {
  path: string
  /** What a new one will be called by. */
  id?: string
  source: ModelSource
  /** The folder whose scan found it. */
  folderId?: string
  name?: string
  /** `publisher/repository` */
  repository?: string
  sha256?: string
}

/** What a look at it told; `facts` is null where nothing has changed since the last one. */
export interface SeenModel {
  found: FoundModel
  files: ModelFiles
  facts: InspectResult | null
}

/** In one event; a window draws between two of them. */
const modelsPerEvent = 100
const filesPerTurn = 250

export class ModelLibrary {
  readonly repository: ModelsRepository
  readonly #inspector: Inspector
  readonly #events = new EventStream<ModelEvent>()

  constructor(repository: ModelsRepository, inspector: Inspector) {
    this.repository = repository
    this.#inspector = inspector
  }

  publish(event: ModelEvent): void {
    this.#events.publish(event)
  }

  /** Is told of every change, at once. */
  listen(listener: (event: ModelEvent) => void): void {
    this.#events.listen(listener)
  }

  /** See `models.watch`. */
  watch(loads: Record<string, LoadState>, signal?: AbortSignal) {
    return this.#events.watchAfter(this.#pages(loads), signal)
  }

  /** Those used last first. */
  list(): Model[] {
    const ids = this.repository.listIds()
    const byId = new Map(this.repository.findMany(ids).map((model) => [model.id, model]))
    return ids.flatMap((id) => byId.get(id) ?? [])
  }

  /** Throws NOT_FOUND. */
  get(modelId: string): Model {
    return this.#stored(modelId).model
  }

  find(modelId: string): Model | null {
    return this.repository.find(modelId)?.model ?? null
  }

  /** Looks at the file if it has changed since the last time. Rejects with the codes of `models.importFile`. */
  async look(found: FoundModel): Promise<SeenModel> {
    const files = await statModel(found.path).catch(async (error: AppFailure) => {
      // It may be a folder with an adapter in Hugging Face's format.
      if (error.code === 'FILE_IS_FOLDER') await this.#inspector.inspect(found.path)
      throw error
    })
    const known = this.#knownAs(found, files.path)
    const isSame = known?.model.sizeBytes === files.sizeBytes && known.modifiedAt === files.modifiedAt
    // The doctor looks at the repository too.
    const isKnownFrom = found.repository === undefined || found.repository === known?.model.repository
    if (isSame && isKnownFrom && known.model.path === files.path) return { found, files, facts: null }
    return { found, files, facts: await this.#inspector.inspect(files.path) }
  }

  /** Saves what was seen, all in one transaction, and tells everyone. */
  save(seen: SeenModel[]): Model[] {
    const stored = seen.flatMap((one) => this.#merge(one) ?? [])
    this.repository.saveAll(stored)
    const models = this.repository.findMany(stored.map(({ model }) => model.id))
    if (models.length > 0) this.publish({ type: 'models-saved', models })
    return models
  }

  /** Looks at one file and saves it. Rejects with the codes of `models.importFile`. */
  async add(found: FoundModel): Promise<Model> {
    const [model] = this.save([await this.look(found)])
    if (!model) throw new AppFailure('FILE_MISSING', { path: found.path })
    return model
  }

  /** Looks anew at the files that no scan looks at: those in no folder. */
  async refresh(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    for await (const { id, path, isPresent, folderId, isRemoved } of this.knownFiles()) {
      if (folderId !== null || isRemoved) continue
      const model = this.find(id)
      if (!model) continue
      try {
        const seen = await this.look({ path, source: model.source })
        if (signal.aborted) return
        if (seen.facts || !isPresent) this.save([seen])
      } catch (error) {
        if (signal.aborted) return
        // What else is wrong with it is told when it is to be loaded.
        const isGone = error instanceof AppFailure && error.code === 'FILE_MISSING'
        if (isGone && isPresent) this.setPresent([id], false)
      }
    }
  }

  /** Of all models, also those that are not on the list. There may be thousands: the event loop turns in between. */
  async *knownFiles(): AsyncGenerator<KnownFile> {
    for (let afterPath = ''; ; await nextTurn()) {
      const page = this.repository.knownFiles(afterPath, filesPerTurn)
      yield* page
      if (page.length < filesPerTurn) return
      afterPath = page.at(-1)!.path
    }
  }

  /** Rejects with the codes of `models.details`. */
  details(modelId: string): Promise<ModelDetails> {
    return this.#inspector.details(this.get(modelId).path)
  }

  /** Rejects with the codes of `models.previewTemplate`. */
  previewTemplate(modelId: string, template: TemplateChoice) {
    return this.#inspector.previewTemplate(this.get(modelId).path, template)
  }

  /** Looks at the file again and examines it; what the probe said stays. Rejects with the codes of `doctor.examine`. */
  async examine(modelId: string): Promise<Report> {
    const facts = await this.#inspector.inspect(this.get(modelId).path)
    const { probe } = this.repository.report(modelId) ?? { probe: null }
    const stored = this.#stored(modelId)
    const examined = examinationOf(stored, facts)
    const report = { ...examined.report, probe }
    this.repository.saveAll([{ ...stored, model: { ...stored.model, kind: examined.kind } }])
    this.saveReport(modelId, report)
    return report
  }

  saveReport(modelId: string, report: Report): void {
    this.repository.setReport(modelId, report)
    this.announce(modelId)
  }

  saveLoadOverrides(modelId: string, loadOverrides: LoadOverrides): Model {
    const stored = this.#stored(modelId)
    return this.#replace({ ...stored, model: { ...stored.model, loadOverrides } })
  }

  setKind(modelId: string, kind: Model['kind']): Model {
    const stored = this.#stored(modelId)
    return this.#replace({ ...stored, kindIsSet: true, model: { ...stored.model, kind } })
  }

  /** Its files were moved by the app itself. */
  setPath(modelId: string, path: string): Model {
    const stored = this.#stored(modelId)
    return this.#replace({ ...stored, folderId: null, model: { ...stored.model, path, fileName: basename(path) } })
  }

  /** Off the list, and a scan does not bring them back; the bundled model comes back at the next start. */
  remove(modelId: string): void {
    const stored = this.#stored(modelId)
    if (stored.model.source === 'bundled') this.repository.delete([modelId])
    else this.repository.saveAll([{ ...stored, isRemoved: true }])
    this.publish({ type: 'models-removed', modelIds: [modelId] })
  }

  /** Their files are gone for good. */
  forget(modelIds: string[]): void {
    this.repository.delete(modelIds)
    this.publish({ type: 'models-removed', modelIds })
  }

  setPresent(modelIds: string[], isPresent: boolean): void {
    this.repository.setPresent(modelIds, isPresent)
    this.announce(...modelIds)
  }

  /** Tells everyone how these are now. */
  announce(...modelIds: string[]): void {
    for (let i = 0; i < modelIds.length; i += modelsPerEvent) {
      const models = this.repository.findMany(modelIds.slice(i, i + modelsPerEvent))
      if (models.length > 0) this.publish({ type: 'models-saved', models })
    }
  }

  async *#pages(loads: Record<string, LoadState>): AsyncGenerator<ModelEvent> {
    const ids = this.repository.listIds()
    for (let i = 0; i === 0 || i < ids.length; i += modelsPerEvent) {
      const pageIds = ids.slice(i, i + modelsPerEvent)
      const byId = new Map(this.repository.findMany(pageIds).map((model) => [model.id, model]))
      const models = pageIds.flatMap((id) => byId.get(id) ?? [])
      yield i === 0 ? { type: 'models', models, loads } : { type: 'models-saved', models }
      await nextTurn()
    }
  }

  #stored(modelId: string): StoredModel {
    const stored = this.repository.find(modelId)
    if (!stored) throw new AppFailure('NOT_FOUND', { what: 'model', id: modelId })
    return stored
  }

  #replace(stored: StoredModel): Model {
    this.repository.saveAll([stored])
    this.announce(stored.model.id)
    return stored.model
  }

  /** Wherever the app was moved, the bundled model is the same. */
  #knownAs(found: FoundModel, path: string): StoredModel | null {
    return (found.source === 'bundled' && this.repository.findBundled()) || this.repository.findByPath(path)
  }

  #merge({ found, files, facts }: SeenModel): StoredModel | null {
    const base = this.#knownAs(found, files.path) ?? (facts && newModel(found, facts))
    if (!base) return null // removed while it was looked at
    const isByScan = found.folderId !== undefined
    const isBroughtByHand = !isByScan && found.source !== 'bundled'
    // A download is known better than a file that somebody opened, and that better than one in a folder.
    const takesSource = isBroughtByHand ? base.model.source !== 'download' : base.folderId !== null
    const merged: StoredModel = {
      ...base,
      modifiedAt: files.modifiedAt,
      // What somebody brought stays, whatever becomes of the folder it lies in.
      folderId: isBroughtByHand || base.folderId === null ? null : (found.folderId ?? base.folderId),
      isRemoved: base.isRemoved && isByScan,
      model: {
        ...base.model,
        ...(facts && factsOf(facts)),
        name: found.name ?? facts?.name ?? base.model.name,
        path: files.path,
        fileName: basename(files.path),
        source: takesSource ? found.source : base.model.source,
        repository: found.repository ?? base.model.repository,
        sha256: found.sha256 ?? (facts ? null : base.model.sha256),
        isPresent: true,
      },
    }
    if (!facts) return merged
    const { kind, report } = examinationOf(merged, facts)
    return {
      ...merged,
      report: JSON.stringify(report),
      model: { ...merged.model, kind, doctor: facts.chat ? worstGrade(report) : null },
    }
  }
}

function newModel(found: FoundModel, facts: InspectResult): StoredModel {
  const model: Model = {
    ...factsOf(facts),
    id: found.id ?? uuidv7(),
    source: found.source,
    path: found.path,
    fileName: basename(found.path),
    repository: null,
    kind: 'chat',
    loadOverrides: {},
    doctor: null,
    isPresent: true,
    sha256: null,
    addedAt: Date.now(),
    lastUsedAt: null,
  }
  return { model, modifiedAt: 0, folderId: found.folderId ?? null, isRemoved: false, kindIsSet: false, report: null }
}

function factsOf({ chat: _chat, paths, ...facts }: InspectResult) {
  return { ...facts, partCount: paths.length }
}

function examinationOf({ model, kindIsSet }: StoredModel, facts: InspectResult) {
  const { name, repository, loadOverrides } = model
  const { kind, findings } = examine({ facts, name, repository, loadOverrides, setKind: kindIsSet ? model.kind : null })
  return { kind, report: { modelId: model.id, examinedAt: Date.now(), findings, probe: null } satisfies Report }
}
