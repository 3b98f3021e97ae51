import type { trash as english } from '../en/trash.ts'
import type { Messages } from '../../../../shared/texts/messages.ts'

export const trash: Messages<typeof english> = {
  trash: '回收站',
  hint: '删除的对话会留在这里，直到你彻底删除。',
  empty: '回收站是空的。',
  loading: '正在查看回收站…',
  messages_other: '{{count}} 条消息',
  withFolder: '随文件夹“{{name}}”一起删除',
  restore: '恢复',
  restoreCount: '恢复 {{count}} 个',
  restored_other: '已恢复 {{count}} 个对话。',
  deleteForever: '彻底删除…',
  emptyTrash: '清空回收站…',
  selectAll: '全选',
  askOne: '彻底删除“{{title}}”？',
  askMany: '彻底删除 {{count}} 个对话？',
  askHint: '其中的消息和附件会一并删除，无法恢复。',
  confirm: '彻底删除',
}
