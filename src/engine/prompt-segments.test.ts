import fc from 'fast-check'
import { getLlama, LlamaLogLevel, type Llama, type LlamaModel } from 'node-llama-cpp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GenerateRequest, PromptMessage, PromptSegment } from '../shared/engine/messages.ts'
import { chooseChatTemplate } from '../shared/lib/chat-templates.ts'
import type { TemplateChoice } from '../shared/contract/load-settings.ts'
import { PromptTokenizer } from './prompt-tokens.ts'
import { publishedTemplate, vocabularyPath } from './real-vocabularies.fixture.ts'
import { tokenBytesOf, type TokenBytes } from './token-bytes.ts'

let llama: Llama
const models = new Map<string, { model: LlamaModel; bytesOf: TokenBytes }>()

beforeAll(async () => {
  llama = await getLlama({ gpu: false, build: 'never', progressLogs: false, logLevel: LlamaLogLevel.disabled })
  for (const name of ['llama-bpe', 'llama-spm', 'qwen2'] as const) {
    const model = await llama.loadModel({ modelPath: vocabularyPath(name), vocabOnly: true })
    models.set(name, { model, bytesOf: await tokenBytesOf(model) })
  }
}, 60_000)
afterAll(() => llama.dispose())

type Vocabulary = 'llama-bpe' | 'llama-spm' | 'qwen2'

function tokenizer(vocabulary: Vocabulary, choice: TemplateChoice): PromptTokenizer {
  const { model } = models.get(vocabulary)!
  const { bosString, eosString } = model.tokens
  const facts = { size: 0, hasToken: () => false, bosText: bosString ?? '', eosText: eosString ?? '' }
  return new PromptTokenizer(model, chooseChatTemplate(null, facts, choice), vocabulary === 'llama-spm')
}

/** Each segment with the text its tokens say. */
function textsOf(vocabulary: Vocabulary, choice: TemplateChoice, prompt: GenerateRequest['prompt']) {
  const { model, bytesOf } = models.get(vocabulary)!
  const { tokens, segments } = tokenizer(vocabulary, choice).count(prompt, bytesOf)
  let start = 0
  return segments.map(({ tokenCount, ...segment }) => {
    const own = tokens.slice(start, (start += tokenCount))
    const texts = own.map((token) => {
      const { control } = model.getTokenAttributes(token)
      return control ? Buffer.from(model.fileInfo.metadata.tokenizer.ggml.tokens[token]!) : bytesOf(token)
    })
    return { ...segment, text: Buffer.concat(texts).toString() }
  })
}

const llama3: TemplateChoice = { type: 'family', family: 'llama-3-instruct' }
const header = (role: string) => `<|start_header_id|>${role}<|end_header_id|>\n\n`
const own = (messageIndex: number | null, text: string, isAttached = false) => ({ messageIndex, isAttached, text })

test('each token belongs to its message, to its attachments, or to the template', () => {
  const messages: PromptMessage[] = [
    { role: 'system', text: 'user' },
    { role: 'user', text: 'a file: user\n\nuser', attachedLength: 14 },
    { role: 'assistant', text: 'user user' },
    { role: 'user', text: header('assistant') },
  ]
  expect(textsOf('llama-bpe', llama3, { messages, answerStart: '羊驼 user' })).toEqual([
    own(null, `<|begin_of_text|>${header('system')}`),
    own(0, 'user'),
    own(null, `<|eot_id|>${header('user')}`),
    own(1, 'a file: user\n\n', true),
    own(1, 'user'),
    own(null, `<|eot_id|>${header('assistant')}`),
    own(2, 'user user'),
    own(null, `<|eot_id|>${header('user')}`),
    own(3, header('assistant')),
    own(null, `<|eot_id|>${header('assistant')}`),
    own(4, '羊驼 user'),
  ])
})

// Where a template moves or cuts the texts, searching for them would take its own words for theirs.
describe('a template that', () => {
  const jinja = (source: string): TemplateChoice => ({ type: 'jinja', source })
  const conversation = (): PromptMessage[] => [
    { role: 'system', text: '\n system ' },
    { role: 'user', text: '  user\n' },
    { role: 'assistant', text: '<think>\nuser\n</think>\n\nuser' },
    { role: 'user', text: 'system' },
  ]
  const each = (line: string) => jinja(`{% for message in messages %}${line}{% endfor %}`)

  test('trims', () => {
    const segments = textsOf('llama-bpe', each('<|eot_id|>user\n{{ message.content | trim }}'), {
      messages: conversation().slice(0, 2),
    })
    expect(segments).toEqual([
      own(null, '<|begin_of_text|><|eot_id|>user\n'),
      own(0, 'system'),
      own(null, '<|eot_id|>user\n'),
      own(1, 'user'),
    ])
  })

  test('merges the system message into the first one', () => {
    const segments = textsOf('qwen2', { type: 'family', family: 'gemma' }, { messages: conversation() })
    expect(segments.filter(({ messageIndex }) => messageIndex !== null).map(({ messageIndex }) => messageIndex)).toEqual(
      [0, 1, 2, 3],
    )
    expect(segments.find(({ messageIndex }) => messageIndex === 0)!.text.trim()).toBe('system')
  })

  test('drops a message', () => {
    const segments = textsOf('llama-bpe', each("{% if message.role != 'system' %}[{{ message.content }}]{% endif %}"), {
      messages: conversation(),
    })
    expect(new Set(segments.map(({ messageIndex }) => messageIndex))).toEqual(new Set([null, 1, 2, 3]))
  })

  test('takes the thoughts out of earlier answers', () => {
    const choice = jinja(publishedTemplate('Qwen-Qwen3-0.6B'))
    const segments = textsOf('qwen2', choice, { messages: conversation() })
    expect(segments.filter(({ messageIndex }) => messageIndex === 2)).toEqual([own(2, 'user')])
  })

  test('looks at how a message begins', () => {
    const choice = each("{% if message.content[0] == 's' %}system:\n{% endif %}{{ message.content }}<|eot_id|>")
    const segments = textsOf('llama-bpe', choice, { messages: [{ role: 'user', text: 'say' }] })
    expect(segments).toEqual([own(null, '<|begin_of_text|>system:\n'), own(0, 'say'), own(null, '<|eot_id|>')])
  })
})

const word = fc.constantFrom(
  ...['user', 'system', '\n', ' ', '羊驼', '🦙', '👩‍👩‍👧', '<|eot_id|>', '<s>', '</s>', '[INST]', '[/INST]', '<|im_end|>'],
  ...['### Response:', '<think>', '</think>', '\uE0C7', '\uE0C80\uE0C8', '\uE0C8', '\uD800', '▁', '{{ x }}', '0'],
)
const text = fc.array(fc.oneof(word, fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 5 }).map((all) => all.join(''))
const conversations = fc
  .record({ system: fc.option(text), turns: fc.array(fc.tuple(text, text), { maxLength: 3 }), last: text, cut: fc.nat(9) })
  .map(({ system, turns, last, cut }): PromptMessage[] => [
    ...(system === null ? [] : [{ role: 'system' as const, text: system }]),
    ...turns.flatMap(([user, assistant]): PromptMessage[] => [
      { role: 'user', text: user, attachedLength: Math.min(cut, user.length) },
      { role: 'assistant', text: assistant },
    ]),
    { role: 'user', text: last },
  ])

// Sums that are off by a token make a gauge that lies, and a cut that is made too late.
describe.each([
  ['llama-bpe', llama3],
  ['llama-bpe', { type: 'jinja', source: () => publishedTemplate('meta-llama-Llama-3.1-8B-Instruct') }],
  ['llama-spm', { type: 'family', family: 'alpaca-2' }],
  ['llama-spm', { type: 'family', family: 'alpaca' }],
  ['qwen2', { type: 'jinja', source: () => publishedTemplate('Qwen-Qwen3-0.6B') }],
] as const)('with %s and %j', (vocabulary, chosen) => {
  const choice = (): TemplateChoice =>
    chosen.type === 'jinja' ? { type: 'jinja', source: chosen.source() } : chosen

  test('the counts add up, and only what is in a message belongs to it', () => {
    const { bytesOf } = models.get(vocabulary)!
    const prompts = tokenizer(vocabulary, choice())
    fc.assert(
      fc.property(conversations, fc.option(text, { nil: undefined }), (messages, answerStart) => {
        const { tokens, segments } = prompts.count({ messages, answerStart }, bytesOf)
        expect(sumOf(segments)).toBe(tokens.length)
        expect(tokens).toEqual(tokenizer(vocabulary, choice()).tokenize({ messages, answerStart }).tokens)
        for (const { messageIndex, isAttached } of segments) {
          if (messageIndex === null) continue
          const { text, attachedLength = 0 } = messages[messageIndex] ?? { text: answerStart! }
          expect(text).not.toBe('')
          if (isAttached) expect(attachedLength).toBeGreaterThan(0)
        }
      }),
      { numRuns: 60 },
    )
  })
})

test('a text that is continued is one part, and counting a text alone agrees', () => {
  const { bytesOf } = models.get('llama-bpe')!
  const prompts = tokenizer('llama-bpe', llama3)
  fc.assert(
    fc.property(text.filter((value) => value !== ''), (value) => {
      const { tokens, segments } = prompts.count({ text: value }, bytesOf)
      expect(segments).toEqual([
        { messageIndex: null, isAttached: false, tokenCount: 1 },
        { messageIndex: 0, isAttached: false, tokenCount: tokens.length - 1 },
      ])
      expect(prompts.countText(value)).toBe(tokens.length - 1)
    }),
  )
})

function sumOf(segments: PromptSegment[]): number {
  return segments.reduce((sum, { tokenCount }) => sum + tokenCount, 0)
}
