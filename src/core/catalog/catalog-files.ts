/** Reads `resources/catalog`: entries by family, the shapes of their files, and the table of quantizations. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { QuantizationTable } from '../../shared/contract/catalog.ts'
import type { GgufHeader } from '../../shared/lib/gguf-header.ts'
import type { ModelShape, StoredEntry } from './catalog-schema.ts'
import { shapeHeader } from './shape-header.ts'

/** In the order the catalog shows them: the newest family first. */
const entryFiles = [
  'chinese-llama-alpaca-3.json',
  'chinese-llama-alpaca-2.json',
  'chinese-llama-alpaca.json',
  'llama3-chinese-chat.json',
  'reference.json',
]

export interface CatalogFiles {
  entries: StoredEntry[]
  shapes: Record<string, ModelShape>
  quantizations: QuantizationTable
}

/** The files ship with the app and its tests check them, so their form is trusted. Throws where one is missing. */
export function readCatalogFiles(directory: string): CatalogFiles {
  const read = (name: string) => JSON.parse(readFileSync(join(directory, name), 'utf8'))
  return {
    entries: entryFiles.flatMap((name) => read(name) as StoredEntry[]),
    shapes: read('shapes.json'),
    quantizations: read('quantizations.json'),
  }
}

/** The head that a file of the catalog has, and its size; null if there is no such file. */
export function catalogFile(
  { entries, shapes }: CatalogFiles,
  entryId: string,
  fileName: string,
): { header: GgufHeader; sizeBytes: number } | null {
  const entry = entries.find(({ id }) => id === entryId)
  const file = entry?.files.find(({ name }) => name === fileName)
  const shape = entry?.shape && shapes[entry.shape]
  return file && shape ? { header: shapeHeader(shape, entry.contextSize ?? 0), sizeBytes: file.sizeBytes } : null
}

/** How a repository of the catalog is called on the other hub; null where the catalog does not say. */
export function repositoryNames({ entries }: CatalogFiles) {
  const pairs = entries.flatMap(({ repositories }) => Object.values(repositories))
  return {
    modelScopeNameOf: (name: string) => pairs.find(({ huggingFace }) => huggingFace === name)?.modelScope ?? null,
    huggingFaceNameOf: (name: string) => pairs.find(({ modelScope }) => modelScope === name)?.huggingFace ?? null,
  }
}
