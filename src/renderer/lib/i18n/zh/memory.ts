import type { memory as english } from '../en/memory.ts'
import type { Messages } from '../../../../shared/texts/messages.ts'

export const memory: Messages<typeof english> = {
  weights: '权重',
  kvCache: '上下文缓存',
  buffers: '缓冲区',
  draft: '草稿模型',
  adapters: '适配器',
  used: '其他程序占用',
  free: '空闲',
  missing: '不足',
  bar: '需要 {{needed}}，总共 {{total}}，空闲 {{free}}',
  verdict: {
    'fits-gpu': '显卡放得下',
    'partly-gpu': '部分放进显卡',
    'fits-cpu': '内存放得下',
    'too-large': '放不下',
    unknown: '无法判断',
  },
  tight: '{{verdict}}，但很紧',
}
