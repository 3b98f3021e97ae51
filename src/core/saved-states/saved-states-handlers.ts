import type { Procedures } from '../procedures.ts'
import type { SavedStatesService } from './saved-states-service.ts'

export function savedStatesHandlers({ savedStates: procedures }: Procedures, savedStates: SavedStatesService) {
  return {
    usage: procedures.usage.handler(() => savedStates.usage()),
    clear: procedures.clear.handler(() => savedStates.clear()),
  }
}
