import type { LoadSettings } from '../contract/load-settings.ts'

/** Everything left to the app. */
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
  slots: null,
  template: { type: 'automatic' },
  stopTexts: [],
  preTokenizer: null,
  rope: { method: 'file', factor: null, base: null, originalContextSize: null },
  adapters: [],
  draft: { type: 'none' },
}

/** How much a draft model proposes unless somebody says otherwise. */
export const defaultDraftLimits = { minTokens: 2, maxTokens: 6, minConfidence: 0.6 }
