import type { savedStates as english } from '../en/saved-states.ts'
import type { Messages } from '../../../../shared/texts/messages.ts'

export const savedStates: Messages<typeof english> = {
  title: '接着聊',
  quota: '磁盘空间',
  quotaHint: '把模型最近读过的对话状态存在磁盘上，重启后回到长对话也能马上回答。放不下时先删最久没用的。',
  off: '关闭',
  used: '已用',
  usage_other: '{{count}} 个对话，{{size}}',
  clear: '清空',
  clearHint: '清空不会删除对话，只是下次在其中发消息会慢一次。',
}
