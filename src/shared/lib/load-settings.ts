/** The values and defaults of load settings. Apart from their schema, so that a window needs no zod for them. */
import type { LoadSettings } from '../contract/load-settings.ts'

/** Types llama.cpp can keep keys and values in. A quantized one needs flash attention. */
export const kvCacheTypes = ['F32', 'F16', 'Q8_0', 'Q5_1', 'Q5_0', 'Q4_1', 'Q4_0'] as const
export type KvCacheType = (typeof kvCacheTypes)[number]

/** Names of the built-in families, see shared/lib/chat-templates.ts. */
export const templateFamilies = [
  'alpaca',
  'alpaca-2',
  'llama-3-instruct',
  'shareai-v1',
  'shareai-instruct',
  'chatml',
  'gemma',
] as const
export type TemplateFamily = (typeof templateFamilies)[number]

export const defaultLoadSettings: LoadSettings = {
  contextSize: null,
  gpuLayers: null,
  threads: null,
  batchSize: null,
  flashAttention: 'auto',
  kvCacheKeyType: 'F16',
  kvCacheValueType: 'F16',
  useMmap: true,
  useMlock: false,
  slots: 1,
  template: { type: 'automatic' },
  stopTexts: [],
  preTokenizer: null,
  rope: { method: 'file', factor: null, base: null, originalContextSize: null },
  adapters: [],
  draft: { type: 'none' },
}
