import type { GenerationService } from '../generation/generation-service.ts'
import type { Procedures } from '../procedures.ts'
import type { ChatsService } from './chats-service.ts'

export function chatsHandlers({ chats: procedures }: Procedures, chats: ChatsService, generation: GenerationService) {
  return {
    create: procedures.create.handler(({ input }) => chats.create(input.modelId ?? null, input.mode)),
    messages: procedures.messages.handler(({ input }) => chats.messages(input.chatId)),
    update: procedures.update.handler(({ input: { chatId, ...edits } }) => chats.update(chatId, edits)),
    trash: procedures.trash.handler(async ({ input }) => {
      await generation.stopChat(input.chatId)
      chats.trash(input.chatId)
    }),
    restore: procedures.restore.handler(({ input }) => chats.restore(input.chatId)),
    watch: procedures.watch.handler(({ signal }) => chats.watch(signal)),
  }
}
