import type { inspector as english } from '../en/inspector.ts'
import type { Messages } from '../../../../shared/texts/messages.ts'

export const inspector: Messages<typeof english> = {
  inspector: '检查器',
  systemPrompt: '系统提示词',
  model: '模型',
  name: '名称',
  file: '文件',
  size: '大小',
  quantization: '量化',
  architecture: '架构',
  parameters: '参数量',
  backEnd: '运行于',
  threads: '线程数',
  context: '上下文（token）',
  contextOf: '{{used}}（训练时 {{trained}}）',
  template: '对话模板',
  templateOfFile: '文件自带',
  batch: '批大小',
  kvCache: '上下文缓存（键/值）',
  flashAttention: 'Flash Attention',
  confirmed: '载入日志确认',
  memoryAndEstimate: '{{measured}}（估计 {{estimated}}）',
  memory: '占用内存',
  gpuLayers: 'GPU 上的层数',
  ofTotal: '{{count}} / {{total}}',
  notLoaded: '载入后，这里会显示它实际的运行参数。',
}
