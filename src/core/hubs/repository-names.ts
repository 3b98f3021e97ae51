import type { CatalogEntry } from '../../shared/contract/catalog.ts'

/** What the same repository is called on the other kind of hub; null where nobody knows. */
export interface RepositoryNames {
  modelScopeNameOf: (huggingFaceName: string) => string | null
  huggingFaceNameOf: (modelScopeName: string) => string | null
}

/** The names that the catalog knows. */
export function repositoryNames(entries: Pick<CatalogEntry, 'repositories'>[]): RepositoryNames {
  const modelScopeNames = new Map<string, string>()
  const huggingFaceNames = new Map<string, string>()
  for (const { huggingFace, modelScope } of entries.flatMap(({ repositories }) => Object.values(repositories))) {
    if (!huggingFace || !modelScope) continue
    modelScopeNames.set(huggingFace, modelScope)
    huggingFaceNames.set(modelScope, huggingFace)
  }
  return {
    modelScopeNameOf: (name) => modelScopeNames.get(name) ?? null,
    huggingFaceNameOf: (name) => huggingFaceNames.get(name) ?? null,
  }
}
