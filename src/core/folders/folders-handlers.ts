import type { TrashService } from '../chats/trash-service.ts'
import type { GenerationService } from '../generation/generation-service.ts'
import type { Procedures } from '../procedures.ts'
import type { FoldersService } from './folders-service.ts'

export function foldersHandlers(
  { folders: procedures }: Procedures,
  folders: FoldersService,
  trash: TrashService,
  generation: GenerationService,
) {
  return {
    create: procedures.create.handler(({ input }) => folders.create(input.name, input.parentId)),
    update: procedures.update.handler(({ input: { folderId, ...edits } }) => folders.update(folderId, edits)),
    trash: procedures.trash.handler(async ({ input }) => {
      await Promise.all(folders.chatsIn(input.folderId).map((chatId) => generation.stopChat(chatId)))
      trash.trashFolder(input.folderId)
    }),
    restore: procedures.restore.handler(({ input }) => trash.restoreFolder(input.folderId)),
    watch: procedures.watch.handler(({ signal }) => folders.watch(signal)),
  }
}
