/** Which models the table shows, and in which order. Pure, and quick enough for thousands at each key. */
import type { LoadState, Model, ModelSource } from '../../../shared/contract/models.ts'
import type { Sort } from '../../components/sort-header.tsx'

export type Column =
  | 'name'
  | 'size'
  | 'quantization'
  | 'architecture'
  | 'context'
  | 'kind'
  | 'source'
  | 'lastUsed'
  | 'doctor'
  | 'state'

export interface ModelFilter {
  /** Words that must all be found, in any place and case; parts of words and of Chinese text count. */
  text: string
  type: 'all' | Model['type']
  source: 'all' | ModelSource
  duplicatesOnly: boolean
}

/** What a model is besides its load state, as one word. */
export type ModelState = LoadState['state'] | 'missing'

const stateOrder: ModelState[] = ['ready', 'loading', 'failed', 'missing', 'unloaded']
const doctorOrder = ['problem', 'advice', 'good'] as const

export function stateOf(model: Model, load: LoadState): ModelState {
  return load.state === 'unloaded' && !model.isPresent ? 'missing' : load.state
}

/** Models whose files have the same hash, where there are several, by hash. */
export function duplicatesByHash(models: Iterable<Model>): ReadonlyMap<string, Model[]> {
  const byHash = Map.groupBy(
    [...models].filter(({ sha256 }) => sha256 !== null),
    ({ sha256 }) => sha256 as string,
  )
  return new Map([...byHash].filter(([, same]) => same.length > 1))
}

export function filterModels(
  models: Iterable<Model>,
  { text, type, source, duplicatesOnly }: ModelFilter,
  duplicates: ReadonlyMap<string, Model[]>,
): Model[] {
  const words = plain(text).split(/\s+/).filter(Boolean)
  return [...models].filter(
    (model) =>
      (type === 'all' || model.type === type) &&
      (source === 'all' || model.source === source) &&
      (!duplicatesOnly || (model.sha256 !== null && duplicates.has(model.sha256))) &&
      words.every((word) => searchedText(model).includes(word)),
  )
}

/** Full-width letters and their half-width twins are the same. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

const searchedTexts = new WeakMap<Model, string>()

function searchedText(model: Model): string {
  let text = searchedTexts.get(model)
  if (text === undefined) {
    const { name, path, repository, architecture, quantization } = model
    text = plain([name, path, repository, architecture, quantization].join('\n'))
    searchedTexts.set(model, text)
  }
  return text
}

/**
 * Rows without a value come last either way. `duplicatesOnly` lists the same files together, whatever
 * the column.
 */
export function sortModels(
  models: Model[],
  { column, descending }: Sort<Column>,
  loads: Readonly<Record<string, LoadState>>,
  language: string,
  duplicatesOnly = false,
): Model[] {
  const collator = new Intl.Collator(language, { numeric: true })
  function compare(a: Model, b: Model): number {
    const [left, right] = [valueOf(a, column, loads), valueOf(b, column, loads)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : collator.compare(String(left), String(right))
    return descending ? -order : order
  }
  function compareHashes(a: Model, b: Model): number {
    const [left, right] = [a.sha256 ?? '', b.sha256 ?? '']
    return left < right ? -1 : left > right ? 1 : 0
  }
  return models.sort(
    (a, b) => (duplicatesOnly && compareHashes(a, b)) || compare(a, b) || collator.compare(a.name, b.name),
  )
}

function valueOf(model: Model, column: Column, loads: Readonly<Record<string, LoadState>>): string | number | null {
  switch (column) {
    case 'name':
    case 'quantization':
    case 'architecture':
    case 'source':
      return model[column]
    case 'size':
      return model.sizeBytes
    case 'context':
      return model.trainContextSize || null
    case 'kind':
      return model.type === 'adapter' ? 'lora' : model.kind
    case 'lastUsed':
      return model.lastUsedAt
    case 'doctor':
      return model.doctor && doctorOrder.indexOf(model.doctor)
    case 'state':
      return stateOrder.indexOf(stateOf(model, loads[model.id] ?? { state: 'unloaded' }))
  }
}
