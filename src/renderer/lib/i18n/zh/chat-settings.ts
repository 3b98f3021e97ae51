import type { chatSettings as english } from '../en/chat-settings.ts'
import type { Messages } from '../../../../shared/texts/messages.ts'

export const chatSettings: Messages<typeof english> = {
  chats: '对话',
  contextPolicy: '上下文用满时',
  automaticTitles: '由模型起标题',
  automaticTitlesHint: '第一次回答之后，由模型给对话起标题。关闭时用第一条消息作标题。',
  wrapCode: '代码自动换行',
}
