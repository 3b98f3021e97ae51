/**
 * The models of the library with their names for programs. There may be thousands, and every request asks for one:
 * they are read once, and again when one has come, gone, or changed what it is called by.
 */
import type { Model } from '../../shared/contract/models.ts'
import { comparable, modelIdsByName, modelNames, type NameableModel } from '../../shared/lib/model-names.ts'
import type { ModelLibrary } from '../models/model-library.ts'

interface Known {
  models: Map<string, Model>
  names: Map<string, string>
  ids: Map<string, string>
}

export class KnownNames {
  readonly #library: ModelLibrary
  #known: Known | null = null

  constructor(library: ModelLibrary) {
    this.#library = library
    library.listen((event) => {
      if (event.type === 'models-saved') event.models.forEach((model) => this.#changed(model))
      else if (event.type === 'models-removed') this.#known = null
    })
  }

  /** Those used last first. */
  list(): Model[] {
    const usedAt = ({ lastUsedAt, addedAt }: Model) => lastUsedAt ?? addedAt
    return [...this.#read().models.values()].sort((a, b) => usedAt(b) - usedAt(a))
  }

  get(modelId: string): Model | undefined {
    return this.#read().models.get(modelId)
  }

  find(name: string): Model | undefined {
    const { models, ids } = this.#read()
    return models.get(ids.get(comparable(name)) ?? '')
  }

  nameOf({ id }: Model): string {
    return this.#read().names.get(id)!
  }

  #read(): Known {
    if (this.#known) return this.#known
    const { repository } = this.#library
    const all = repository.findMany(repository.listIds()).filter(({ type }) => type === 'model')
    const models = new Map(all.map((model) => [model.id, model]))
    return (this.#known = { models, names: modelNames(all), ids: modelIdsByName(all) })
  }

  /** That a model was used changes nothing of the names, and is told at each request. */
  #changed(model: Model): void {
    const before = this.#known?.models.get(model.id)
    if (before && isCalledAlike(before, model)) this.#known!.models.set(model.id, model)
    else this.#known = null
  }
}

function isCalledAlike(a: NameableModel, b: NameableModel): boolean {
  const keys = ['name', 'fileName', 'path', 'source', 'repository', 'quantization', 'addedAt'] as const
  return keys.every((key) => a[key] === b[key])
}
