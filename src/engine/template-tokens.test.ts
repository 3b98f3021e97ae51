import { getLlama, LlamaLogLevel, type Llama, type LlamaModel } from 'node-llama-cpp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PromptMessage } from '../shared/engine/messages.ts'
import { chooseChatTemplate } from '../shared/lib/chat-templates.ts'
import type { TemplateFamily } from '../shared/lib/load-setting-values.ts'
import { PromptTokenizer } from './prompt-tokens.ts'
import { publishedTemplate, vocabularyPath } from './real-vocabularies.fixture.ts'
import { templateTokens } from './template-tokens.fixture.ts'

let llama: Llama
const models = new Map<string, LlamaModel>()

beforeAll(async () => {
  llama = await getLlama({ gpu: false, build: 'never', progressLogs: false, logLevel: LlamaLogLevel.disabled })
  for (const name of ['llama-bpe', 'llama-spm', 'qwen2'] as const) {
    models.set(name, await llama.loadModel({ modelPath: vocabularyPath(name), vocabOnly: true }))
  }
}, 60_000)
afterAll(() => llama.dispose())

function prompts(vocabulary: string, choice: Parameters<typeof chooseChatTemplate>[2]): PromptTokenizer {
  const model = models.get(vocabulary)!
  const { bosString, eosString } = model.tokens
  const facts = { size: 0, hasToken: () => false, bosText: bosString ?? '', eosText: eosString ?? '' }
  return new PromptTokenizer(model, chooseChatTemplate(null, facts, choice), vocabulary === 'llama-spm')
}

const system: PromptMessage = { role: 'system', text: 'Be brief. 简短。' }
const turns: PromptMessage[] = [
  { role: 'user', text: '你好' },
  { role: 'assistant', text: 'Hi there.' },
  { role: 'user', text: 'Who are you? 🦙' },
  { role: 'assistant', text: '羊驼。' },
  { role: 'user', text: '  2+2 = ?\n' },
]
const conversations = {
  oneTurn: turns.slice(0, 1),
  oneTurnWithSystem: [system, ...turns.slice(0, 1)],
  twoTurns: turns.slice(0, 3),
  threeTurnsWithSystem: [system, ...turns],
}

// A space, a line break, a BOS or an end token too many or too few: the model still answers, only worse.
describe.each([
  ['llama-3-instruct', 'llama-bpe'],
  ['shareai-v1', 'llama-bpe'],
  ['shareai-instruct', 'llama-bpe'],
  ['alpaca-2', 'llama-spm'],
  ['alpaca', 'llama-spm'],
  ['chatml', 'qwen2'],
] as const)('the template %s with the vocabulary %s', (family, vocabulary) => {
  test.each(Object.keys(conversations) as (keyof typeof conversations)[])('%s', (name) => {
    const { tokens } = prompts(vocabulary, { type: 'family', family }).tokenize({ messages: conversations[name] })
    expect(tokens).toEqual(templateTokens[family][name])
  })

  // An answer that the model wrote, and the same answer when it is history, must be the same tokens.
  test('an answer goes on where the template begins it, and is found again in the next turn', () => {
    const tokenizer = prompts(vocabulary, { type: 'family', family })
    const begun = tokenizer.tokenize({ messages: [system, turns[0]!], answerStart: 'Hi there' }).tokens
    const history = tokenizer.tokenize({ messages: [system, ...turns.slice(0, 3)] }).tokens
    expect(history.slice(0, begun.length)).toEqual(begun)
    const first = tokenizer.tokenize({ messages: [system, turns[0]!] })
    const answer = models.get(vocabulary)!.tokenize('Hi there.')
    tokenizer.remember(first, 'Hi there.', answer)
    const next = tokenizer.tokenize({ messages: [system, ...turns.slice(0, 3)] }).tokens
    expect(next.slice(0, first.tokens.length + answer.length)).toEqual([...first.tokens, ...answer])
  })

  test('typed text stays text at the beginning of an answer', () => {
    const model = models.get(vocabulary)!
    const tokenizer = prompts(vocabulary, { type: 'family', family })
    const tokens = tokenizer.tokenize({ messages: [turns[0]!] }).tokens
    const typed = ['<|eot_id|>', '</s>', '<|im_end|>', '<|end_of_text|>', '<s>'].join('')
    const begun = tokenizer.tokenize({ messages: [turns[0]!], answerStart: typed }).tokens
    expect(begun.slice(0, tokens.length)).toEqual(tokens)
    expect(begun.slice(tokens.length).filter((token) => model.getTokenAttributes(token).control)).toEqual([])
  })
})

// The families that the published templates belong to must say the same; where those add something, so is it here.
describe('the published templates', () => {
  const llama31System: PromptMessage = {
    role: 'system',
    text: `Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n${system.text}`,
  }
  const cases: [string, string, TemplateFamily, PromptMessage[]][] = [
    ['meta-llama-Llama-3.1-8B-Instruct', 'llama-bpe', 'llama-3-instruct', [llama31System]],
    ['meta-llama-Llama-3.3-70B-Instruct', 'llama-bpe', 'llama-3-instruct', [llama31System]],
    ['Qwen-Qwen2.5-7B-Instruct', 'qwen2', 'chatml', [system]],
    ['google-gemma-2-2b-it', 'llama-spm', 'gemma', [system]],
  ]
  test.each(cases)('%s', (name, vocabulary, family, familySystem) => {
    // These templates trim messages.
    const trimmed = turns.map(({ role, text }) => ({ role, text: text.trim() }))
    for (const count of [1, 3, 5]) {
      const own = prompts(vocabulary, { type: 'family', family })
      const published = prompts(vocabulary, { type: 'jinja', source: publishedTemplate(name) })
      const expected = own.tokenize({ messages: [...familySystem, ...trimmed.slice(0, count)] })
      const { text, tokens } = published.tokenize({ messages: [system, ...trimmed.slice(0, count)] })
      expect(text).toBe(expected.text)
      expect(tokens).toEqual(expected.tokens)
    }
  })
})
