/**
 * What programs call a model by. The name is made of what lies on the disk, so that it can be guessed and
 * stays the same: the file's stem in lower case; where two models share it, with the repository in front.
 */
import type { Model } from '../contract/models.ts'
import { splitPart } from './split-files.ts'

export type NameableModel = Pick<
  Model,
  'id' | 'name' | 'fileName' | 'path' | 'source' | 'repository' | 'quantization' | 'addedAt'
>

/** The name of each model, by its id. No two are the same. */
export function modelNames(models: readonly NameableModel[]): Map<string, string> {
  const names = new Map<string, string>()
  let unnamed = models
  for (const nameOf of [plainName, (model: NameableModel) => `${placeOf(model)}/${plainName(model)}`]) {
    const sameNamed = Map.groupBy(unnamed, nameOf)
    unnamed = []
    for (const [name, group] of sameNamed) {
      if (group.length === 1) names.set(group[0]!.id, name)
      else unnamed = [...unnamed, ...group]
    }
  }
  for (const { id } of unnamed) names.set(id, id)
  return names
}

/**
 * The model that a program means: by its name, its id, its display name, its file name, its repository (with
 * `:Q4_K_M` or a file behind it), or an Ollama `name:tag`, in upper or lower case. Where several would do, the
 * one that was added first; null if none does.
 */
export function findModelByName<M extends NameableModel>(models: readonly M[], name: string): M | null {
  const id = modelIdsByName(models).get(comparable(name))
  return models.find((model) => model.id === id) ?? null
}

/** For all that models can be called, made `comparable`, the id of the one that is meant. */
export function modelIdsByName(models: readonly NameableModel[]): Map<string, string> {
  const names = modelNames(models)
  const byAge = models.toSorted((a, b) => a.addedAt - b.addedAt)
  const inRepository = ({ repository }: NameableModel, ways: string[]) =>
    repository ? ways.map((way) => repository + way) : []
  const waysToCall: ((model: NameableModel) => string[])[] = [
    (model) => [names.get(model.id)!, model.id],
    (model) => [plainName(model), model.fileName, model.name],
    (model) => inRepository(model, ['', `:${model.quantization}`]),
    (model) => inRepository(model, [`/${plainName(model)}`, `/${model.fileName}`]),
  ]
  const ids = new Map<string, string>()
  for (const waysOf of waysToCall) {
    for (const model of byAge) {
      for (const way of waysOf(model).map(comparable)) if (way !== '' && !ids.has(way)) ids.set(way, model.id)
    }
  }
  return ids
}

/** Upper and lower case, and a tag `latest`, make no difference; nor does the hub that a repository is named with. */
export function comparable(name: string): string {
  return dashed(name)
    .replace(/^(?:https:\/\/)?(?:hf\.co|huggingface\.co|hf-mirror\.com|(?:www\.)?modelscope\.cn(?:\/models)?)\//, '')
    .replace(/:latest$/, '')
}

/** Ollama's files are called by their hashes. */
function plainName({ source, name, fileName }: NameableModel): string {
  if (source === 'ollama') return comparable(name)
  return dashed(splitPart(fileName)?.stem ?? fileName.replace(/\.gguf$/i, ''))
}

function placeOf({ repository, path }: NameableModel): string {
  return dashed(repository ?? path.split(/[\\/]/).at(-2) ?? '')
}

/** Without spaces, so that it can be typed on a command line as it is. */
function dashed(name: string): string {
  return name.normalize('NFC').trim().toLowerCase().replace(/\s+/g, '-')
}
