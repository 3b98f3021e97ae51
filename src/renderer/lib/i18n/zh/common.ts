import type { common as english } from '../en/common.ts'
import type { Messages } from '../../../../shared/texts/messages.ts'

export const common: Messages<typeof english> = {
  /** Which of the catalogs this is. */
  languageCode: 'zh',
  appName: '羊驼',
  places: '区域',
  showSidebar: '显示侧边栏',
  hideSidebar: '隐藏侧边栏',
  sidebarWidth: '侧边栏宽度',
  cancel: '取消',
  close: '关闭',
  copied: '已复制',
  copyFailed: '系统不允许复制。请选中文字后手动复制。',
  undo: '撤销',
  more: '更多操作',
  notice: '通知',
  resetOf: '恢复{{name}}的默认值',
  reconnecting: '与羊驼的连接断开了，正在重新连接…如果它重启过，请打开新的地址。',
  areaFailed: '窗口的这一部分出错了。你写的内容都还在。',
  tryAgain: '重试',
}
