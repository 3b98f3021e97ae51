/** The settings of the demo model. A change of any of them starts training anew. */
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

/** The finished model, which the app ships. */
export const MODEL_FILE = path.join(root, 'resources/demo-model/yangtuo-demo.gguf')
/** Checkpoints and intermediate files. */
export const CACHE_FOLDER = path.join(root, '.cache/demo-model')

export const RECIPE = {
  seed: 1,
  vocabularySize: 1600,
  shape: { dim: 256, layers: 3, heads: 4, kvHeads: 4, ffn: 640, context: 2048, ropeBase: 10000 },
  /** Tokens per step, and how many of them at most are answers to learn. */
  window: 512,
  rows: 256,
  epochs: 14,
  rate: 1e-3,
  /** Share of the rate that is left at the end of the cosine. */
  finalRate: 0.02,
  warmUpSteps: 100,
  beta1: 0.9,
  beta2: 0.99,
  clip: 1
} as const

export const QUANTIZATION = 'Q8_0'

/** What the file says about itself. */
export const GENERAL = {
  name: 'Yangtuo Demo',
  basename: 'yangtuo-demo',
  author: 'Yangtuo',
  version: '1',
  license: 'apache-2.0',
  description:
    'A very small model that knows a few dozen answers by heart. It shows that Yangtuo works; load a real model for real questions.'
} as const
