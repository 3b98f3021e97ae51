import type { compare as english } from '../en/compare.ts'
import type { Messages } from '../../../../shared/texts/messages.ts'

export const compare: Messages<typeof english> = {
  title: '比较模型或设置',
  titleAgain: '换条件重新回答',
  message: '消息',
  variant: '回答 {{number}}',
  model: '模型',
  modelOfChat: '按对话：{{model}}',
  preset: '预设',
  noPreset: '按对话',
  systemPrompt: '系统提示词',
  ownSystemPrompt: '另用系统提示词',
  asInChat: '按对话',
  add: '再加一个回答',
  remove: '去掉回答 {{number}}',
  send_other: '发给 {{count}} 个',
  regenerate_other: '生成 {{count}} 个回答',
  oneAfterTheOther: '几个回答依次生成。',
  hint: '同一条消息的两三个回答，并排比较。没有改动的，与对话相同。',

  answers: '并排的回答',
  goOn: '用这个继续',
  chosen: '对话用这个继续',
  stop: '停止这个回答',
  sideBySide: '并排显示',
  onlyChosen: '只显示这个',
}
