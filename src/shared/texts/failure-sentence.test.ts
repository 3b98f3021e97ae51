import { describe, expect, test } from 'vitest'
import type { ErrorCode, ErrorData } from '../contract/errors.ts'
import { failureSentence } from './failure-sentence.ts'

const path = '/models/a.gguf'
const detail = 'unknown tensor type 99'
const examples: { [Code in ErrorCode]: ErrorData<Code> } = {
  NOT_FOUND: { what: 'chat', id: '1' },
  UNSUPPORTED: {},
  FILE_MISSING: { path },
  FILE_IS_FOLDER: { path },
  FILE_UNREADABLE: { path, reason: 'EACCES' },
  NOT_GGUF: { path },
  FILE_TRUNCATED: { path, expectedBytes: 4.92e9, actualBytes: 1.2e9 },
  FILE_DAMAGED: { path, detail },
  ARCHITECTURE_UNSUPPORTED: { path, architecture: 'klamm' },
  NOT_A_LANGUAGE_MODEL: { path, kind: 'adapter' },
  NOT_ENOUGH_MEMORY: { path, neededBytes: 9.6e9, availableBytes: 7.4e9 },
  LOAD_FAILED: { path, detail },
  LOAD_CANCELLED: { path },
  ENGINE_CRASHED: { model: 'Alpaca', reason: 'SIGKILL' },
  ENGINE_UNSTABLE: { model: 'Alpaca', reason: 'SIGSEGV' },
  NO_MODEL: {},
  PROMPT_TOO_LONG: { promptTokens: 12000, contextSize: 8192 },
  TEMPLATE_FAILED: { detail },
  GRAMMAR_INVALID: { detail },
  FOLDER_INSIDE_ITSELF: {},
  READ_ONLY_PRESET: { name: 'Long replies' },
  IMPORT_UNREADABLE: { name: 'a.json', reason: 'unknown' },
  PRESET_FILE_INVALID: { fileName: 'a.json', detail },
  CHAT_BUSY: { chatId: '1' },
  INFILL_UNSUPPORTED: { model: 'Alpaca' },
  MODEL_UNKNOWN: { name: 'alpaca' },
  MODEL_NOT_LOADED: { name: 'alpaca' },
  SERVER_BUSY: { model: 'Alpaca', waiting: 64 },
  REQUEST_INVALID: { field: 'messages[0].role', detail: 'must be one of system, user, assistant, tool' },
  HOST_REFUSED: { host: 'evil.example' },
  ORIGIN_REFUSED: { origin: 'https://evil.example' },
  API_KEY_NEEDED: {},
  API_KEY_WRONG: {},
  SCOPE_MISSING: { scope: 'manage' },
  PATH_UNKNOWN: { path: '/v2/chat' },
  METHOD_REFUSED: { method: 'PUT', path: '/v1/models' },
  REQUEST_TOO_LARGE: { maxBytes: 32e6 },
  ENCODING_UNSUPPORTED: { encoding: 'gzip' },
  REQUEST_TIMEOUT: {},
  PROMPT_LOG_OFF: {},
  PORT_IN_USE: { port: 1234 },
  ADDRESS_UNAVAILABLE: { host: '192.168.1.9', reason: 'EADDRNOTAVAIL' },
  API_KEY_MISSING: { host: '0.0.0.0' },
  DISK_FULL: { path },
  UPLOAD_REFUSED: { name: 'a.txt' },
  PART_MISSING: { path },
  ADAPTER_UNUSABLE: { path, reason: 'whole-layers', detail: 'token_embd.weight' },
  DRAFT_UNUSABLE: { path, reason: 'vocabulary' },
  LOAD_SETTING_REFUSED: { path, setting: 'kvCacheKeyType', detail },
  READ_ONLY_MODEL: { path },
  TRASH_FAILED: { path, reason: 'EACCES' },
  FOLDER_UNREADABLE: { path, reason: 'EACCES' },
  NOT_ENOUGH_SPACE: { path, neededBytes: 4.9e9, availableBytes: 1.2e9 },
  OFFLINE: {},
  HOST_UNREACHABLE: { host: 'huggingface.co', reason: 'ETIMEDOUT' },
  HUB_UNAUTHORIZED: { host: 'huggingface.co', repository: 'hfl/a' },
  HUB_GATED: { repository: 'hfl/a', url: 'https://huggingface.co/hfl/a' },
  HUB_NOT_FOUND: { host: 'huggingface.co', name: 'hfl/a' },
  HUB_BUSY: { host: 'huggingface.co', status: 503 },
  HUB_FAILED: { host: 'huggingface.co', detail },
  REFERENCE_INVALID: { text: 'a b' },
  NO_GGUF: { repository: 'hfl/a' },
  DOWNLOAD_STALLED: { host: 'huggingface.co' },
  CHECKSUM_MISMATCH: { fileName: 'a.gguf', expected: 'd874', actual: '0f1e' },
  FILE_CHANGED: { fileName: 'a.gguf' },
  INTERNAL: { logId: '7f3a' },
}

/** Ids, words that have sentences of their own, and hashes. */
function notShown(code: string, name: string): boolean {
  if (['id', 'chatId', 'what', 'expected', 'actual'].includes(name)) return true
  return name === 'reason' && ['ADAPTER_UNUSABLE', 'DRAFT_UNUSABLE', 'IMPORT_UNREADABLE'].includes(code)
}

// A renamed data field would be shown to the person as `{{path}}`, or left out of the sentence.
describe.each(['zh', 'en'] as const)('in %s', (language) => {
  test.each(Object.entries(examples))('%s says everything it knows', (code, data) => {
    const sentence = failureSentence(language, { code: code as ErrorCode, data })
    expect(sentence).not.toMatch(/[{}]|undefined|!|！/)
    for (const [name, value] of Object.entries(data)) {
      if (typeof value === 'string' && !notShown(code, name)) expect(sentence).toContain(value)
    }
  })

  test('sizes and counts are written for people', () => {
    const tooLarge = failureSentence(language, { code: 'NOT_ENOUGH_MEMORY', data: examples.NOT_ENOUGH_MEMORY })
    expect(tooLarge).toContain('9.6 GB')
    expect(tooLarge).toContain('7.4 GB')
    const tooLong = (reserve = {}) =>
      failureSentence(language, { code: 'PROMPT_TOO_LONG', data: { ...examples.PROMPT_TOO_LONG, ...reserve } })
    expect(tooLong()).toContain('12,000')
    expect(tooLong()).not.toContain('1,024')
    expect(tooLong({ reservedTokens: 1024 })).toContain('1,024')
  })
})
