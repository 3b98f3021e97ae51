import type { Procedures } from '../procedures.ts'
import type { GenerationService } from './generation-service.ts'

export function generationHandlers({ generation: procedures }: Procedures, generation: GenerationService) {
  return {
    send: procedures.send.handler(({ input }) => generation.send(input.chatId, input.parentId, input.text)),
    regenerate: procedures.regenerate.handler(({ input }) => generation.regenerate(input.userMessageId)),
    attach: procedures.attach.handler(({ input, signal }) => generation.attach(input.answerId, input.offset, signal)),
    stop: procedures.stop.handler(({ input }) => generation.stop(input.answerId)),
    countPrompt: procedures.countPrompt.handler(({ input }) =>
      generation.countPrompt(input.chatId, input.parentId, input.text),
    ),
  }
}
