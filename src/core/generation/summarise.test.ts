import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GenerateRequest, GenerateResult } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { pieces, summarise } from './summarise.ts'

const contextSize = 2048
const messages = [
  { role: 'user', text: '我叫米拉，住在伯尔尼。' },
  { role: 'assistant', text: '你好，米拉！' },
] as const

/** Counts a token a character, and writes what it is told to. */
function fakeEngine(write: (prompt: string) => string | AppFailure) {
  const prompts: string[] = []
  return {
    prompts,
    countText: async (text: string) => text.length,
    generate: async ({ prompt }: GenerateRequest, { onText }: { onText?: (text: string) => void } = {}) => {
      const text = 'messages' in prompt ? prompt.messages[0]!.text : ''
      prompts.push(text)
      const written = write(text)
      if (written instanceof AppFailure) throw written
      onText?.(written)
      return { stopReason: 'end' } as GenerateResult
    },
  }
}

const request = { chatId: 'chat', messages, earlier: '', contextSize, signal: new AbortController().signal }

test('gives the model the conversation, and the summary of what came before it', async () => {
  const engine = fakeEngine(() => ' 米拉住在伯尔尼。 ')
  expect(await summarise(engine, { ...request, earlier: '她养羊驼。' })).toBe('米拉住在伯尔尼。')
  expect(engine.prompts).toHaveLength(1)
  for (const text of ['她养羊驼。', messages[0].text, messages[1].text]) expect(engine.prompts[0]).toContain(text)
})

// Bug: a part of a long conversation is never read, or a piece is longer than the context.
test('reads a long conversation in pieces, each with the summary so far', async () => {
  const engine = fakeEngine((prompt) => `to ${/line (\d+)\n[^\d]*$/.exec(prompt)?.[1]}`)
  const text = Array.from({ length: 1000 }, (_, line) => `line ${line}`).join('\n')
  await summarise(engine, { ...request, messages: [{ role: 'user', text }] })
  expect(engine.prompts.length).toBeGreaterThan(3)
  for (const [index, prompt] of engine.prompts.entries()) {
    expect(prompt.length).toBeLessThan(contextSize - 256)
    if (index > 0) expect(prompt).toMatch(/to \d+/)
  }
  const linesOf = (prompt: string) => [...prompt.matchAll(/^(?:User: )?line (\d+)$/gm)].map(([, line]) => Number(line))
  const read = engine.prompts.flatMap(linesOf)
  expect(read).toEqual(Array.from({ length: 1000 }, (_, line) => line))
})

test('finds no summary where the model writes none, or cannot; the death of its engine is told', async () => {
  expect(await summarise(fakeEngine(() => ' \n'), request)).toBeNull()
  expect(await summarise(fakeEngine(() => '<think>hm'), request)).toBeNull()
  expect(await summarise(fakeEngine(() => new AppFailure('TEMPLATE_FAILED', { detail: '' })), request)).toBeNull()
  const death = new AppFailure('ENGINE_CRASHED', { model: '', reason: '' })
  await expect(summarise(fakeEngine(() => death), request)).rejects.toBe(death)
})

test('pieces are the text, none is much too long, and no character is torn apart', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 9 }), (text, count) => {
      const parts = pieces(text, count)
      expect(parts.join('')).toBe(text)
      const most = Math.ceil(text.length / count) + 1
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(most)
        expect(part.isWellFormed()).toBe(text.isWellFormed() || part.isWellFormed())
      }
    }),
  )
})
