import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { CatalogFiles } from '../catalog/catalog-files.ts'
import type { HubsService } from '../hubs/hubs-service.ts'
import type { CatalogDownload } from './downloads-service.ts'

/**
 * Where a file of the catalog is, at the source that the settings name or that answers first. Rejects as
 * `hubs.open`.
 */
export async function findInCatalog(
  { entries }: CatalogFiles,
  hubs: HubsService,
  entryId: string,
  fileName: string,
): Promise<CatalogDownload> {
  const entry = entries.find(({ id }) => id === entryId)
  const file = entry?.files.find(({ name }) => name === fileName)
  if (!entry || !file) throw new AppFailure('NOT_FOUND', { what: 'catalog-entry', id: `${entryId}/${fileName}` })
  const { huggingFace, modelScope } = entry.repositories.gguf
  const found = huggingFace
    ? await hubs.open(`${huggingFace}/${fileName}`)
    : await hubs.open(`${modelScope}/${fileName}`, 'modelscope')
  return {
    sourceId: found.sourceId,
    repository: found.repository,
    revision: found.revision,
    // A reference to a file that is not there is refused.
    variant: found.namedVariant!,
    sha256: file.sha256,
  }
}
