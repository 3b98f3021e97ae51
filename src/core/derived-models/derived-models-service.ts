import { v7 as uuidv7 } from 'uuid'
import type { Model } from '../../shared/contract/models.ts'
import { comparable } from '../../shared/lib/model-names.ts'
import type { DerivedModels } from '../api-server/api-services.ts'
import type { LoadableModel } from '../models/model-engine.ts'
import type { DerivedModel } from './derived-model.ts'
import type { DerivedModelsRepository } from './derived-models-repository.ts'

interface DerivedModelsOptions {
  /** null if it is not in the library (any more). */
  findModel: (modelId: string) => Model | null
  /** A derived model is gone: nothing asks for the engine with its id any more. */
  onGone: (id: string) => void
}

/** The models that programs made on top of those of the library. No two have names that `comparable` makes the same. */
export class DerivedModelsService implements DerivedModels {
  readonly #repository: DerivedModelsRepository
  readonly #options: DerivedModelsOptions
  #models: DerivedModel[]

  constructor(repository: DerivedModelsRepository, options: DerivedModelsOptions) {
    this.#repository = repository
    this.#options = options
    this.#models = repository.list()
  }

  list(): DerivedModel[] {
    return this.#models
  }

  find(name: string): DerivedModel | null {
    const wanted = comparable(name)
    return this.#models.find((model) => comparable(model.name) === wanted) ?? null
  }

  /** What to load it as; null if there is none with that id, or the model below it is gone. */
  loadable(id: string): LoadableModel | null {
    const derived = this.#models.find((model) => model.id === id)
    const model = derived && this.#options.findModel(derived.modelId)
    return model ? loadableAs(derived, model) : null
  }

  save(content: Omit<DerivedModel, 'id' | 'createdAt'>): DerivedModel {
    const replaced = this.find(content.name)
    const model = { ...content, name: content.name.trim(), id: uuidv7(), createdAt: Date.now() }
    this.#repository.save(model, replaced?.id)
    this.#changed(replaced)
    return model
  }

  copy({ model, derived }: { model: Model; derived: DerivedModel | null }, name: string): DerivedModel {
    const { systemPrompt = '', sampling = {}, loadOverrides = {} } = derived ?? {}
    return this.save({ name, modelId: model.id, systemPrompt, sampling, loadOverrides, modelfile: '' })
  }

  remove(name: string): boolean {
    const removed = this.find(name)
    if (!removed) return false
    this.#repository.delete(removed.id)
    this.#changed(removed)
    return true
  }

  #changed(gone: DerivedModel | null): void {
    this.#models = this.#repository.list()
    if (gone) this.#options.onGone(gone.id)
  }
}

/** `derived` in an engine of its own if it is to be loaded otherwise than the model below it, else that model. */
export function loadableAs(derived: DerivedModel, model: LoadableModel): LoadableModel {
  if (Object.keys(derived.loadOverrides).length === 0) return model
  const loadOverrides = { ...model.loadOverrides, ...derived.loadOverrides }
  return { id: derived.id, name: derived.name, path: model.path, loadOverrides }
}
