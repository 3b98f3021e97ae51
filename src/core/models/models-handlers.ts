import type { Model } from '../../shared/contract/models.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { CorePorts } from '../ports.ts'
import type { Procedures } from '../procedures.ts'
import type { ModelLibrary } from './model-library.ts'
import type { ModelsService } from './models-service.ts'

type DesktopPorts = Pick<CorePorts, 'openModelDialog' | 'openFolderDialog' | 'revealFile'>

export function modelsHandlers(
  { models: procedures }: Procedures,
  models: ModelsService,
  library: ModelLibrary,
  ports: DesktopPorts,
) {
  /** The doctor may judge it otherwise now; a file that cannot be read keeps its report. */
  function changed(model: Model): Model {
    void library.examine(model.id).catch(() => {})
    return model
  }
  return {
    watch: procedures.watch.handler(({ signal }) => models.watch(signal)),
    list: procedures.list.handler(() => models.list()),
    pickFile: procedures.pickFile.handler(() => {
      if (!ports.openModelDialog) throw new AppFailure('UNSUPPORTED', {})
      return ports.openModelDialog()
    }),
    pickFolder: procedures.pickFolder.handler(() => {
      if (!ports.openFolderDialog) throw new AppFailure('UNSUPPORTED', {})
      return ports.openFolderDialog()
    }),
    importFile: procedures.importFile.handler(({ input }) => models.importFile(input.path, input.how)),
    load: procedures.load.handler(({ input }) => models.load(input.modelId, input)),
    cancelLoad: procedures.cancelLoad.handler(({ input }) => models.cancelLoad(input.modelId)),
    unload: procedures.unload.handler(({ input }) => models.unload(input.modelId)),
    remove: procedures.remove.handler(({ input }) => models.remove(input.modelId)),
    trash: procedures.trash.handler(({ input }) => models.trash(input.modelId)),
    details: procedures.details.handler(({ input }) => library.details(input.modelId)),
    saveLoadOverrides: procedures.saveLoadOverrides.handler(({ input }) =>
      changed(library.saveLoadOverrides(input.modelId, input.loadOverrides)),
    ),
    setKind: procedures.setKind.handler(({ input }) => changed(library.setKind(input.modelId, input.kind))),
    previewTemplate: procedures.previewTemplate.handler(({ input }) =>
      library.previewTemplate(input.modelId, input.template),
    ),
    reveal: procedures.reveal.handler(async ({ input }) => {
      if (!ports.revealFile) throw new AppFailure('UNSUPPORTED', {})
      await ports.revealFile(models.get(input.modelId).path)
    }),
    measureThreads: procedures.measureThreads.handler(({ input }) => models.measureThreads(input.modelId)),
  }
}
