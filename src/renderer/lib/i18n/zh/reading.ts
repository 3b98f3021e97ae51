import type { reading as english } from '../en/reading.ts'
import type { Messages } from '../../../../shared/texts/messages.ts'

export const reading: Messages<typeof english> = {
  find: '在对话中查找',
  noHits: '没有找到',
  hit: '第 {{number}} 处，共 {{count, number}} 处',
  previousHit: '上一处',
  nextHit: '下一处',

  thinking: '思考中…',
  thoughtFor: '思考了 {{time}}',
  thoughtLength: '思考过程，{{count, number}} 字',

  footnotes: '脚注',
  footnote: '脚注 {{number}}',
  backToText: '回到正文',

  wrapCode: '长行折行',
  saveCode: '存为文件',
  copyRichText: '带格式复制',

  diagram: '图表',
  mindMap: '思维导图',
  showSource: '看源码',
  showDiagram: '看图',
  zoomIn: '放大',
  zoomOut: '缩小',
  zoomFit: '适合窗口',
  saveSvg: '存为 SVG',
  drawing: '正在绘制…',
  notDrawn: '这张图画不出来。{{why}}',
  notDrawnInTime: '绘制超过了 {{seconds}} 秒。',
  notDrawnTooLong: '源码超过了 {{count, number}} 个字符。',
}
