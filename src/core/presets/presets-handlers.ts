import type { Procedures } from '../procedures.ts'
import type { PresetsService } from './presets-service.ts'

export function presetsHandlers({ presets: procedures }: Procedures, presets: PresetsService) {
  return {
    watch: procedures.watch.handler(({ signal }) => presets.watch(signal)),
    create: procedures.create.handler(({ input }) => presets.create(input)),
    update: procedures.update.handler(({ input: { presetId, ...changes } }) => presets.update(presetId, changes)),
    delete: procedures.delete.handler(({ input }) => presets.delete(input.presetId)),
    undelete: procedures.undelete.handler(({ input }) => presets.undelete(input.preset)),
    export: procedures.export.handler(({ input }) => presets.export(input.presetIds)),
    import: procedures.import.handler(({ input }) => presets.import(input.fileName, input.text)),
    promptVersions: procedures.promptVersions.handler(({ input }) =>
      presets.promptVersions(input.owner, input.ownerId),
    ),
  }
}
