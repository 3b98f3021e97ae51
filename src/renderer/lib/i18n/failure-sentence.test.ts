import i18next from 'i18next'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { ErrorCode, ErrorData } from '../../../shared/contract/errors.ts'
import { failureSentence } from './failure-sentence.ts'

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} })
  await import('./i18n.ts')
})

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
  CHAT_BUSY: { chatId: '1' },
  DISK_FULL: { path },
  UPLOAD_REFUSED: { name: 'a.txt' },
  INTERNAL: { logId: '7f3a' },
}

// A renamed data field would be shown to the person as `{{path}}`, or left out of the sentence.
describe.each(['zh', 'en'])('in %s', (language) => {
  test.each(Object.entries(examples))('%s says everything it knows', async (code, data) => {
    await i18next.changeLanguage(language)
    const sentence = failureSentence(i18next.t, { code: code as ErrorCode, data })
    expect(sentence).not.toMatch(/[{}]|undefined|!|！/)
    for (const [name, value] of Object.entries(data)) {
      if (typeof value === 'string' && name !== 'id' && name !== 'chatId' && name !== 'what') {
        expect(sentence).toContain(value)
      }
    }
  })

  test('sizes and counts are written for people', async () => {
    await i18next.changeLanguage(language)
    const tooLarge = failureSentence(i18next.t, { code: 'NOT_ENOUGH_MEMORY', data: examples.NOT_ENOUGH_MEMORY })
    expect(tooLarge).toContain('9.6 GB')
    expect(tooLarge).toContain('7.4 GB')
    expect(failureSentence(i18next.t, { code: 'PROMPT_TOO_LONG', data: examples.PROMPT_TOO_LONG })).toContain('12,000')
  })
})
