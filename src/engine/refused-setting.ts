import type { EngineLoadSettings } from '../shared/engine/messages.ts'

/**
 * Which load setting llama.cpp means when it refuses a context, taken from its own words (see
 * `llama_init_from_model` in llama-context.cpp); null if it means none.
 */
export function refusedSetting(logLine: string, settings: EngineLoadSettings): keyof EngineLoadSettings | null {
  if (/V cache .*flash.?att/i.test(logLine)) {
    return settings.flashAttention === 'off' ? 'flashAttention' : 'kvCacheValueType'
  }
  if (/\bK cache type\b/.test(logLine)) return 'kvCacheKeyType'
  if (/\bV cache type\b|different K \(.*cache types/.test(logLine)) return 'kvCacheValueType'
  return null
}
