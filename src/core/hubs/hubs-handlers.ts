import type { Procedures } from '../procedures.ts'
import type { HubsService } from './hubs-service.ts'

export function hubsHandlers({ hubs: procedures }: Procedures, hubs: HubsService) {
  return {
    sources: procedures.sources.handler(() => hubs.sources()),
    setToken: procedures.setToken.handler(({ input }) => hubs.setToken(input.sourceId, input.token)),
    test: procedures.test.handler(({ input }) => hubs.test(input.sourceId)),
    search: procedures.search.handler(({ input }) => hubs.search(input)),
    open: procedures.open.handler(({ input }) => hubs.open(input.reference, input.sourceId)),
    metadata: procedures.metadata.handler(({ input }) => hubs.metadata(input)),
  }
}
