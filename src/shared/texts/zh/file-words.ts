import type { Messages } from '../messages.ts'
import type { fileWords as english } from '../en/file-words.ts'

export const fileWords: Messages<typeof english> = {
  user: '我',
  assistant: '助手',
  system: '系统提示词',
  reasoning: '思考过程',
  footnotes: '脚注',
  untitled: '未命名对话',
  noText: '（没有文字）',
}
