import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { CorePorts } from '../ports.ts'
import type { Procedures } from '../procedures.ts'
import type { ModelsService } from './models-service.ts'

type DesktopPorts = Pick<CorePorts, 'openModelDialog' | 'revealFile'>

export function modelsHandlers({ models: procedures }: Procedures, models: ModelsService, ports: DesktopPorts) {
  return {
    watch: procedures.watch.handler(({ signal }) => models.watch(signal)),
    pickFile: procedures.pickFile.handler(() => {
      if (!ports.openModelDialog) throw new AppFailure('UNSUPPORTED', {})
      return ports.openModelDialog()
    }),
    importFile: procedures.importFile.handler(({ input }) => models.importFile(input.path)),
    load: procedures.load.handler(({ input }) => models.load(input.modelId, input)),
    cancelLoad: procedures.cancelLoad.handler(({ input }) => models.cancelLoad(input.modelId)),
    unload: procedures.unload.handler(({ input }) => models.unload(input.modelId)),
    remove: procedures.remove.handler(({ input }) => models.remove(input.modelId)),
    reveal: procedures.reveal.handler(async ({ input }) => {
      if (!ports.revealFile) throw new AppFailure('UNSUPPORTED', {})
      await ports.revealFile(models.get(input.modelId).path)
    }),
    measureThreads: procedures.measureThreads.handler(({ input }) => models.measureThreads(input.modelId)),
  }
}
