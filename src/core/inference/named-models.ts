/** Which models programs can ask, and which one a name means. */
import type { Model } from '../../shared/contract/models.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { DerivedModels } from '../api-server/api-services.ts'
import { loadableAs } from '../derived-models/derived-models-service.ts'
import type { LoadableModel } from '../models/loaded-models.ts'
import type { ModelLibrary } from '../models/model-library.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { FoundModel, ListedModel } from './inference.ts'
import { KnownNames } from './known-names.ts'

export interface NamedModelsOptions {
  library: ModelLibrary
  models: ModelsService
  derivedModels: DerivedModels
  getSettings: () => Settings
}

export class NamedModels {
  readonly #options: NamedModelsOptions
  readonly #known: KnownNames

  constructor(options: NamedModelsOptions) {
    this.#options = options
    this.#known = new KnownNames(options.library)
  }

  /** See Inference.models. */
  list(): ListedModel[] {
    const { derivedModels, getSettings } = this.#options
    const known = this.#known
    const found: FoundModel[] = known.list().map((model) => ({ name: known.nameOf(model), model, derived: null }))
    for (const derived of derivedModels.list()) {
      const model = known.get(derived.modelId)
      if (model) found.push({ name: derived.name, model, derived })
    }
    const onlyLoaded = !getSettings().apiLoadsOnDemand
    return found
      .map((one) => ({ ...one, loadId: loadableOf(one).id }))
      .map((one) => ({
        ...one,
        modelId: one.model.id,
        isDerived: one.derived !== null,
        isLoaded: this.#isLoaded(one.loadId),
      }))
      .filter(({ isLoaded }) => isLoaded || !onlyLoaded)
  }

  /** See Inference.find. */
  find(name: string): FoundModel {
    const { derivedModels } = this.#options
    const wanted = name.trim()
    const derived = wanted === '' ? null : derivedModels.find(wanted)
    if (derived) {
      const model = this.#known.get(derived.modelId)
      if (!model) throw new AppFailure('MODEL_UNKNOWN', { name })
      return { name: derived.name, model, derived }
    }
    const model = wanted === '' ? this.#default() : this.#known.find(wanted)
    if (!model) throw wanted === '' ? new AppFailure('NO_MODEL', {}) : new AppFailure('MODEL_UNKNOWN', { name })
    return { name: this.#known.nameOf(model), model, derived: null }
  }

  /** The one used last of those that are loaded, else the default one, else the bundled one. */
  #default(): Model | undefined {
    const models = this.#known.list()
    const { defaultModelId } = this.#options.getSettings()
    return (
      models.find(({ id }) => this.#isLoaded(id)) ??
      models.find(({ id }) => id === defaultModelId) ??
      models.find(({ source }) => source === 'bundled')
    )
  }

  #isLoaded(id: string): boolean {
    return this.#options.models.loaded(id) !== null
  }
}

/** What is loaded to ask it. */
export function loadableOf({ model, derived }: FoundModel): LoadableModel {
  return derived ? loadableAs(derived, model) : model
}
