import type { FoldersService } from '../folders/folders-service.ts'
import type { GenerationService } from '../generation/generation-service.ts'
import type { Procedures } from '../procedures.ts'
import type { ChatsService } from './chats-service.ts'
import type { MessageTreeService } from './message-tree-service.ts'
import type { TrashService } from './trash-service.ts'

interface Services {
  chats: ChatsService
  messageTree: MessageTreeService
  folders: FoldersService
  trash: TrashService
  generation: GenerationService
}

export function chatsHandlers(
  { chats: procedures }: Procedures,
  { chats, messageTree, folders, trash, generation }: Services,
) {
  return {
    create: procedures.create.handler(({ input: { modelId, ...input } }) => {
      if (input.folderId !== null) folders.get(input.folderId)
      return chats.create(modelId ?? folders.modelIdFor(input.folderId), input)
    }),
    messages: procedures.messages.handler(({ input }) => chats.messages(input.chatId, input.tail)),
    update: procedures.update.handler(({ input: { chatId, ...edits } }) => chats.update(chatId, edits)),
    move: procedures.move.handler(({ input }) => folders.moveChats(input.chatIds, input.folderId)),
    duplicate: procedures.duplicate.handler(({ input }) => messageTree.duplicate(input.chatId, input.upToMessageId)),
    trash: procedures.trash.handler(async ({ input }) => {
      await Promise.all(input.chatIds.map((chatId) => generation.stopChat(chatId)))
      trash.trash(input.chatIds)
    }),
    restore: procedures.restore.handler(({ input }) => trash.restore(input.chatIds)),
    trashed: procedures.trashed.handler(() => trash.list()),
    deleteForever: procedures.deleteForever.handler(({ input }) => trash.deleteForever(input.chatIds)),
    addVersion: procedures.addVersion.handler(({ input }) => messageTree.addVersion(input.messageId, input.text)),
    deleteBranch: procedures.deleteBranch.handler(({ input }) => messageTree.deleteBranch(input.messageId)),
    restoreBranch: procedures.restoreBranch.handler(({ input }) => messageTree.restoreBranch(input.messageId)),
    editSummary: procedures.editSummary.handler(({ input }) => messageTree.editSummary(input.messageId, input.text)),
    watch: procedures.watch.handler(({ signal }) => chats.watch(signal)),
  }
}
