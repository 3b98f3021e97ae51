import type { Procedures } from '../procedures.ts'
import type { SearchService } from './search-service.ts'

export function searchHandlers({ search: procedures }: Procedures, search: SearchService) {
  return {
    find: procedures.find.handler(({ input }) => search.find(input.query, input.limit)),
  }
}
