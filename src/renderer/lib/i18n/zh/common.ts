import type { common as english } from '../en/common.ts'
import type { Messages } from '../messages.ts'

export const common: Messages<typeof english> = {
  cancel: '取消',
  close: '关闭',
  undo: '撤销',
  more: '更多操作',
  notice: '通知',
  reset: '恢复默认值',
  reconnecting: '与羊驼的连接断开了，正在重新连接…',
  areaFailed: '窗口的这一部分出错了。你写的内容都还在。',
  tryAgain: '重试',
}
