/** What load settings choose from. Apart from their schema, so that a window needs no zod for it. */

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
