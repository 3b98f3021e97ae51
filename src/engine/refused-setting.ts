import type { EngineLoadSettings } from '../shared/engine/messages.ts'

/**
 * Which load setting llama.cpp means when it refuses a model or its context, taken from its own
 * words (see `llama_init_from_model` in llama-context.cpp); null if it means none.
 */
export function refusedSetting(logLine: string, settings: EngineLoadSettings): keyof EngineLoadSettings | null {
  if (/V cache .*flash.?att/i.test(logLine)) {
    return settings.flashAttention === 'off' ? 'flashAttention' : 'kvCacheValueType'
  }
  if (/\bK cache type\b/.test(logLine)) return 'kvCacheKeyType'
  if (/\bV cache type\b|different K \(.*cache types/.test(logLine)) return 'kvCacheValueType'
  if (/pre-tokenizer/.test(logLine) && settings.preTokenizer !== null) return 'preTokenizer'
  if (/lora/i.test(logLine) && settings.adapters.length > 0) return 'adapters'
  return null
}
