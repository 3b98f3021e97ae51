/** A text between two others, by a model whose file names the tokens for it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { GenerateRequest } from '../../shared/engine/messages.ts'
import { defaultSampling } from '../../shared/lib/sampling.ts'
import { ask, loadRequest, randomModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼　infill '))
const { supervisor } = supervise()
afterEach(() => supervisor.unload())
afterAll(() => rmSync(folder, { recursive: true }))

/** `names`: the keys of today, or those of CodeLlama's first files. `ids`: ordinary tokens too, as CodeLlama's are. */
function infillModel(vocabulary: 'spm' | 'bpe', names: readonly string[], ids: readonly number[]): string {
  const keys = names.map((name, index) => {
    return [`tokenizer.ggml.${name}_token_id`, { type: 'uint32', value: ids[index]! }] as const
  })
  return randomModel(join(folder, `${vocabulary}.gguf`), { vocabulary, metadata: Object.fromEntries(keys) })
}

async function answer(prompt: GenerateRequest['prompt']) {
  let text = ''
  const sampling = { ...defaultSampling, temperature: 0, repeatPenalty: 1, maxTokens: 8 }
  const result = await supervisor.generate(
    { prompt, sampling, returnsPrompt: true },
    { onText: (piece) => void (text += piece) },
  )
  return { text, ...result }
}

// Bugs: the texts in the wrong order, a BOS too few or many, a space that SentencePiece adds behind the gap, typed
// control tokens that are heeded, or a cache that takes one kind of prompt for the other.
describe.each([
  ['spm', ['fim_pre', 'fim_suf', 'fim_mid'], [259, 260, 261], '<s>'],
  ['spm', ['prefix', 'suffix', 'middle'], [700, 701, 702], '<s>'],
  ['bpe', ['fim_pre', 'fim_suf', 'fim_mid'], [700, 701, 702], '<|begin_of_text|>'],
] as const)('%s, by %j = %j', (vocabulary, names, ids, bosText) => {
  test('is asked for by the model’s own tokens', async () => {
    await supervisor.load(loadRequest(infillModel(vocabulary, names, ids), { contextSize: 512 }))
    const prompt = { text: 'tadu nore', suffix: ' sita </s>' }
    const { tokens, segments, promptTokens } = (await supervisor.inspectPrompt(prompt))!
    const places = ids.map((id) => tokens.findIndex((token) => token.id === id))
    expect(places[0]).toBe(1)
    expect(tokens[0]!.text).toBe(bosText)
    expect(places[2]).toBe(tokens.length - 1)
    const textOf = (start: number, end: number) => tokens.slice(start, end).map(({ text }) => text).join('')
    expect(textOf(2, places[1]!).trimStart()).toBe('tadu nore')
    expect(textOf(places[1]! + 1, places[2]!)).toBe(' sita </s>')
    expect(segments.map(({ messageIndex }) => messageIndex)).toEqual([null, 0, null, 0, null])
    expect(segments.reduce((sum, { tokenCount }) => sum + tokenCount, 0)).toBe(promptTokens)
    expect((await supervisor.countPrompt(prompt))!.promptTokens).toBe(promptTokens)

    const first = await answer(prompt)
    expect(first).toMatchObject({ promptTokens, answerTokens: 8 })
    expect(first.promptText!.startsWith(bosText)).toBe(true)
    // The same again is in the cache, and a plain text with the same beginning is not mistaken for it.
    expect(await answer(prompt)).toMatchObject({ text: first.text, cachedTokens: promptTokens - 1 })
    const plain = await answer({ text: 'tadu nore' })
    expect(plain.promptTokens).toBe((await supervisor.countPrompt({ text: 'tadu nore' }))!.promptTokens)
    expect(await answer(prompt)).toMatchObject({ text: first.text, promptTokens })
    expect((await answer({ text: '', suffix: 'sita' })).answerTokens).toBe(8)
    expect((await supervisor.countPrompt({ text: 'tadu nore', suffix: '' }))!.promptTokens).toBe(plain.promptTokens)
  })
})

test('a model that was not trained for it is named, by a count too, and goes on', async () => {
  await supervisor.load(loadRequest(randomModel(join(folder, 'plain.gguf')), { contextSize: 512 }))
  const refused = { code: 'INFILL_UNSUPPORTED', data: { model: 'plain.gguf' } }
  await expect(answer({ text: 'tadu', suffix: 'nore' })).rejects.toMatchObject(refused)
  await expect(supervisor.countPrompt({ text: 'tadu', suffix: 'nore' })).rejects.toMatchObject(refused)
  expect((await supervisor.generate(ask('tadu', [], { maxTokens: 2 }))).answerTokens).toBe(2)
})
