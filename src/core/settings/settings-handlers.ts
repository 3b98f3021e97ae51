import type { Procedures } from '../procedures.ts'
import type { SettingsService } from './settings-service.ts'

export function settingsHandlers({ settings: procedures }: Procedures, settings: SettingsService) {
  return {
    get: procedures.get.handler(() => settings.get()),
    update: procedures.update.handler(({ input }) => settings.update(input)),
    watch: procedures.watch.handler(({ signal }) => settings.watch(signal)),
  }
}
