import type { Procedures } from '../procedures.ts'
import type { GenerationService } from './generation-service.ts'

export function generationHandlers({ generation: procedures }: Procedures, generation: GenerationService) {
  const { views } = generation
  return {
    send: procedures.send.handler(({ input: { chatId, parentId, text, attachments, variants, queuedId } }) =>
      generation.send(chatId, parentId, { text, attachments, queuedId }, variants),
    ),
    regenerate: procedures.regenerate.handler(({ input }) =>
      generation.regenerate(input.userMessageId, input.variants),
    ),
    continueAnswer: procedures.continueAnswer.handler(({ input }) =>
      generation.continueAnswer(input.answerId, input.text),
    ),
    attach: procedures.attach.handler(({ input, signal }) => generation.attach(input.answerId, input.offset, signal)),
    stop: procedures.stop.handler(({ input }) => generation.stop(input.answerId)),
    countPrompt: procedures.countPrompt.handler(({ input }) => views.countPrompt(input)),
    countText: procedures.countText.handler(({ input }) => views.countText(input.chatId, input.text)),
    inspectPrompt: procedures.inspectPrompt.handler(({ input }) =>
      input.of === 'next' ? views.inspectNext(input) : views.inspectAnswer(input.answerId),
    ),
    answerTokens: procedures.answerTokens.handler(({ input }) => views.answerTokens(input.answerId)),
    nameChat: procedures.nameChat.handler(({ input }) => generation.nameChat(input.chatId)),
  }
}
