import type { chats as english } from '../en/chats.ts'
import type { Messages } from '../messages.ts'

export const chats: Messages<typeof english> = {
  chats: '对话',
  newChat: '新对话',
  untitled: '新对话',
  empty: '写下第一条消息后，对话会保存在这里。',
  title: '对话标题',
  rename: '重命名',
  delete: '删除',
  deleted: '已删除“{{title}}”。',
  running: '正在回答',
  today: '今天',
  yesterday: '昨天',
  week: '近 7 天',
}
