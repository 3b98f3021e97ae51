export const memory = {
  weights: 'Weights',
  kvCache: 'Cache of the context',
  buffers: 'Buffers',
  draft: 'Draft model',
  adapters: 'Adapters',
  used: 'In use by others',
  free: 'Free',
  missing: 'Missing',
  bar: '{{needed}} needed, {{free}} of {{total}} free',
  verdict: {
    'fits-gpu': 'Fits the graphics card',
    'partly-gpu': 'Partly on the graphics card',
    'fits-cpu': 'Fits in memory',
    'too-large': 'Does not fit',
    unknown: 'Cannot tell',
  },
  tight: '{{verdict}}, tightly',
}
