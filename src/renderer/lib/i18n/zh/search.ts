import type { search as english } from '../en/search.ts'
import type { Messages } from '../../../../shared/texts/messages.ts'

export const search: Messages<typeof english> = {
  search: '搜索对话',
  clear: '清除搜索',
  results: '搜索结果',
  searching: '正在搜索…',
  nothing: '没有找到“{{query}}”。',
  searchedWhat: '已搜索标题和所有消息，包括其他分支，不包括回收站。',
  you: '你',
  assistant: '助手',
  found_other: '找到 {{shown}} 处',
  more: '显示更多',
  capped: '还有更多结果。输入更长的内容可以缩小范围。',
}
