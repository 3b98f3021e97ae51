/** The catalog, asked for once: it ships with the app and does not change while the window is open. */
import { create } from 'zustand'
import type { CatalogEntry, CatalogFile } from '../../../shared/contract/catalog.ts'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import type { FileIdentity } from './file-identity.ts'

interface Catalog {
  /** null until it is there. */
  entries: readonly CatalogEntry[] | null
  failure: ShownFailure | null
}

export const useCatalog = create<Catalog>(() => ({ entries: null, failure: null }))

/** What can be taken now comes first: recommended, then with files, then the rest; else in the catalog's order. */
function rank({ isRecommended, files }: CatalogEntry): number {
  return Number(files.length === 0) * 2 + Number(!isRecommended)
}

export async function loadCatalog(): Promise<void> {
  if (useCatalog.getState().entries) return
  try {
    const entries = await client.catalog.list()
    useCatalog.setState({ entries: [...entries].sort((a, b) => rank(a) - rank(b)), failure: null })
  } catch (error) {
    useCatalog.setState({ failure: failureOf(error) })
  }
}

/** `publisher/repository` of the GGUF files, on every hub that has them. */
export function ggufRepositories({ repositories }: CatalogEntry): string[] {
  return [repositories.gguf.huggingFace, repositories.gguf.modelScope].filter((name) => name !== null)
}

export function identityOf(entry: CatalogEntry, { name, sha256 }: CatalogFile): FileIdentity {
  return { repositories: ggufRepositories(entry), fileName: name, sha256 }
}
