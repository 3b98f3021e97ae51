/** What programs ask of an answer besides its text, from a real engine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GenerateRequest } from '../../shared/engine/messages.ts'
import type { Sampling } from '../../shared/lib/sampling.ts'
import { ask, demoModelPath, loadRequest, randomModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼　requests '))
const { supervisor } = supervise()
afterAll(async () => {
  await supervisor.unload()
  rmSync(folder, { recursive: true })
})

async function answer(request: GenerateRequest) {
  let text = ''
  const promptTexts: string[] = []
  const result = await supervisor.generate(request, {
    onText: (piece) => void (text += piece),
    onPromptText: (promptText) => promptTexts.push(promptText),
  })
  return { text, promptTexts, ...result }
}

describe('the demo model', () => {
  const question = '你是谁？'
  beforeAll(() => supervisor.load(loadRequest(demoModelPath, { contextSize: 1024, stopTexts: ['羊'] })))

  // Bugs: Anthropic's `stop_sequence` for an answer that ended by itself, or null for one that a stop text ended.
  test('the stop text that ended an answer is named, whoever set it, and none where its end token did', async () => {
    const load = await answer(ask(question))
    expect(load).toMatchObject({ stopReason: 'end', stopText: '羊' })
    await supervisor.load(loadRequest(demoModelPath, { contextSize: 1024 }))
    const whole = await answer(ask(question))
    expect(whole).toMatchObject({ stopReason: 'end', stopText: null })
    const stopTexts = [whole.text.slice(4, 6), whole.text.slice(2, 4)]
    expect(await answer(ask(question, [], { stopTexts }))).toMatchObject({
      stopText: stopTexts[1],
      text: whole.text.slice(0, 2),
    })
    expect(await answer(ask(question, [], { maxTokens: 1 }))).toMatchObject({
      stopReason: 'max-tokens',
      stopText: null,
    })
  })

  test('a control token that was named as a stop text is told as that, the model’s own end as none', async () => {
    const end = (await supervisor.inspectPrompt(ask('').prompt))!.tokens.filter(({ isControl }) => isControl)
    const header = end.find(({ text }) => text === '<|start_header_id|>')!
    const logitBias = { [header.id]: 100 }
    const request = ask(question, [], { stopTexts: ['<|start_header_id|>', '<|eot_id|>'] })
    expect(await answer({ ...request, logitBias })).toMatchObject({ stopText: '<|start_header_id|>', text: '' })
    expect(await answer(request)).toMatchObject({ stopText: null, stopReason: 'end' })
  })

  // Bug: a log of prompts that lacks what the template wrote, or what made an answer fail.
  test('the prompt is told as it was read, before the answer and even of one that fails', async () => {
    const history = [{ role: 'system' as const, text: '你好 <|eot_id|>' }]
    const plain = await answer(ask(question, history))
    expect(plain.promptText).toBeUndefined()
    expect(plain.promptTexts).toEqual([])
    const told = await answer({ ...ask(question, history), returnsPrompt: true })
    expect(told.promptText).toBe(
      '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n你好 <|eot_id|><|eot_id|>' +
        `<|start_header_id|>user<|end_header_id|>\n\n${question}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n`,
    )
    expect(told.promptTexts).toEqual([told.promptText])
    const promptTexts: string[] = []
    const failing = supervisor.generate({ ...ask('龘'.repeat(600)), returnsPrompt: true }, {
      onPromptText: (promptText) => promptTexts.push(promptText),
    })
    await expect(failing).rejects.toMatchObject({ code: 'PROMPT_TOO_LONG' })
    expect(promptTexts[0]).toContain('龘'.repeat(600))
  })

  test('a bias forbids and forces, end tokens too, and turns drafting off', async () => {
    const whole = await answer(ask(question))
    const tokens = (await supervisor.inspectPrompt({ text: whole.text }))!.tokens.slice(1)
    const first = tokens[0]!
    const forbidden = await answer({ ...ask(question), logitBias: { [first.id]: -100 } })
    expect(forbidden.text.startsWith(first.text)).toBe(false)
    const forced = await answer({ ...ask(question, [], { maxTokens: 5 }), logitBias: { [first.id]: 100 } })
    expect(forced.text).toBe(first.text.repeat(5))
    const prompt = (await supervisor.inspectPrompt(ask(question).prompt))!.tokens
    const end = prompt.findLast(({ text }) => text === '<|eot_id|>')!
    const endless = await answer({ ...ask(question, [], { maxTokens: 60 }), logitBias: { [end.id]: -100 } })
    expect(endless.answerTokens).toBeGreaterThan(whole.answerTokens)
    const none = await answer({ ...ask(question), logitBias: {} })
    expect(none.text).toBe(whole.text)
  })

  test.each([[-1], [1_000_000], [1.5], ['x']])('a bias on token %j is refused with its field', async (token) => {
    const refused = supervisor.generate({ ...ask(question), logitBias: { [token]: 1 } })
    await expect(refused).rejects.toMatchObject({ code: 'REQUEST_INVALID', data: { field: 'logit_bias' } })
  })
})

describe('a random model that drafts', () => {
  beforeAll(async () => {
    const path = randomModel(join(folder, 'r.gguf'))
    await supervisor.load(loadRequest(path, { contextSize: 512, draft: { type: 'lookup' } }))
  })

  async function tokenOf(text: string): Promise<number> {
    return (await supervisor.inspectPrompt({ text }))!.tokens.at(-1)!.id
  }

  const ways: [string, Partial<Sampling>][] = [
    ['greedily', {}],
    ['drawn', { temperature: 1, seed: 3 }],
    ['under a grammar', { answerFormat: { type: 'grammar', source: 'root ::= [a-z ]{12}' } }],
    ['with guidance', { guidanceScale: 1.5, negativePrompt: 'sita' }],
  ]
  test.each(ways)('a bias is heeded %s', async (_, sampling) => {
    const wanted = await tokenOf('tadu z')
    const request = ask('tadu', [{ role: 'system', text: 'nore' }], { ...sampling, maxTokens: 3 })
    const plain = await answer(request)
    const forced = await answer({ ...request, logitBias: { [wanted]: 100 } })
    expect(plain.text).not.toContain('zzz')
    expect(forced.text.replaceAll(' ', '')).toBe('zzz')
    expect(forced.draft).toBeNull()
  })

  // Bug: NaN in the sampler, or an answer that never ends.
  test('where a grammar allows only what the bias forbids, the grammar has the last word', async () => {
    const tokens = [await tokenOf('xa'), await tokenOf('a'), await tokenOf(' a')]
    const logitBias = Object.fromEntries(tokens.map((token) => [token, -100]))
    const answerFormat = { type: 'grammar', source: 'root ::= " "? "aaaa"' } as const
    for (const temperature of [0, 1]) {
      const { text } = await answer({ ...ask('tadu', [], { answerFormat, temperature, seed: 1 }), logitBias })
      expect(text.trim()).toBe('aaaa')
    }
  })
})
