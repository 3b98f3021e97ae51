import type { CatalogEntry } from '../../../shared/contract/catalog.ts'
import type { CatalogFilters } from './discover-store.ts'

/** In thousand millions of parameters: from, to below. */
const sizeRanges = { small: [0, 3], medium: [3, 10], large: [10, 20], huge: [20, Infinity] } as const

/** Full-width letters and capitals are the same as plain ones. */
const folded = (text: string) => text.normalize('NFKC').toLowerCase()

/** Every word is somewhere in it; Chinese, which has no spaces, is found as part of a text. */
export function matchesText(entry: CatalogEntry, text: string): boolean {
  const { gguf, full, lora } = entry.repositories
  const searched = folded(
    [
      entry.id,
      entry.name,
      entry.description.zh,
      entry.description.en,
      ...[gguf, full, lora].flatMap(({ huggingFace, modelScope }) => [huggingFace ?? '', modelScope ?? '']),
      ...entry.files.map(({ quantization }) => quantization),
    ].join('\n'),
  )
  return folded(text)
    .split(/\s+/)
    .every((word) => searched.includes(word))
}

/** How many tokens it can take at most, by itself or stretched. */
export function largestContext({ contextSize, extendedContext }: CatalogEntry): number {
  return Math.max(contextSize ?? 0, extendedContext?.sizeTokens ?? 0)
}

/** All filters but whether it fits this machine, which has to be asked for. */
export function matchesFilters(entry: CatalogEntry, filters: CatalogFilters): boolean {
  const { family, kind, size, context, source } = filters
  if (family !== 'all' && entry.family !== family) return false
  if (kind !== 'all' && entry.kind !== kind) return false
  if (size !== 'all') {
    const [from, below] = sizeRanges[size]
    if (entry.parametersB === null || entry.parametersB < from || entry.parametersB >= below) return false
  }
  if (context !== 'all' && largestContext(entry) < Number(context) * 1000) return false
  if (source !== 'all') {
    const hub = source === 'modelscope' ? 'modelScope' : 'huggingFace'
    if (!Object.values(entry.repositories).some((repository) => repository[hub] !== null)) return false
  }
  return true
}
