import type { message as english } from '../en/message.ts'
import type { Messages } from '../../../../shared/texts/messages.ts'

export const message: Messages<typeof english> = {
  saveOnly: '只保存，不回答',
  saveVersion: '存为新版本',
  editAnswer: '编辑回答',
  regenerateWith: '换条件重新生成…',
  continue: '接着写',
  getAnswer: '请模型回答',
  fork: '从这里另开对话',
  forked: '到这条消息为止的副本已放进对话列表',
  deleteBranch: '从这里起删除',
  branchDeleted: '已从这条消息起删除',
  prompt: '查看完整提示',
  tokens: '查看 token',
  runCard: '这个回答是怎么来的',
  attachedText: '附件内容',

  allValues: '全部采样值',
  fewerValues: '只看与默认不同的',
  asDefault: '全部为默认值',
  cut: '提示中省略',
  cutCount_other: '{{count, number}} 条消息',
  cutWithSummary: '{{messages}}，由摘要代替',
  given: '给定的开头',
  givenCharacters_other: '{{count, number}} 个字符',
  draftMethod: {
    model: '草稿模型',
    lookup: '文中查找',
  },
  draftCounts: '{{method}}：采纳 {{accepted}}，弃用 {{rejected}}',
  plainSpeed: '不用时 {{rate}} tok/s',
  draftPaused: '因为更慢，已停用',
  none: '无',
}
