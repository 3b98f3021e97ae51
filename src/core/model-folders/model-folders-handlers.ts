import type { Procedures } from '../procedures.ts'
import type { ModelFoldersService } from './model-folders-service.ts'

export function modelFoldersHandlers({ modelFolders: procedures }: Procedures, folders: ModelFoldersService) {
  return {
    watch: procedures.watch.handler(({ signal }) => folders.watch(signal)),
    add: procedures.add.handler(({ input }) => folders.add(input.path)),
    setOn: procedures.setOn.handler(({ input }) => folders.setOn(input.folderId, input.isOn)),
    remove: procedures.remove.handler(({ input }) => folders.remove(input.folderId)),
    scan: procedures.scan.handler(({ input }) => folders.scan(input.folderId)),
  }
}
