import type { Procedures } from '../procedures.ts'
import type { CatalogService } from './catalog-service.ts'

export function catalogHandlers({ catalog: procedures }: Procedures, catalog: CatalogService) {
  return {
    list: procedures.list.handler(() => catalog.list()),
    quantizations: procedures.quantizations.handler(() => catalog.quantizations()),
    recommend: procedures.recommend.handler(({ input }) => catalog.recommend(input.entryId)),
    suggestion: procedures.suggestion.handler(() => catalog.suggestion()),
  }
}
