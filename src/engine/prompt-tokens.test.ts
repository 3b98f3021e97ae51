import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { getLlama, type Llama, type LlamaModel, type Token } from 'node-llama-cpp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RANDOM_MODEL_PRESETS, writeRandomModel } from '../../build/gguf/random-model.ts'
import type { PromptMessage } from '../shared/engine/messages.ts'
import { chooseChatTemplate } from '../shared/lib/chat-templates.ts'
import { PromptTokenizer } from './prompt-tokens.ts'
import { tokenBytesOf } from './token-bytes.ts'

const folder = mkdtempSync(join(tmpdir(), 'yangtuo-prompt-'))
let llama: Llama

beforeAll(async () => {
  llama = await getLlama({ gpu: false, build: 'never', progressLogs: false })
})

afterAll(async () => {
  await llama.dispose()
  rmSync(folder, { recursive: true })
})

function user(text: string): PromptMessage[] {
  return [{ role: 'user', text }]
}

describe.each(['spm', 'bpe'] as const)('with a vocabulary of the kind %s', (kind) => {
  let model: LlamaModel
  const bosText = kind === 'spm' ? '<s>' : '<|begin_of_text|>'
  const templateVocabulary = { size: 2000, hasToken: () => true, bosText, eosText: '' }
  const prompts = (jinja: string | null = null) =>
    new PromptTokenizer(model, chooseChatTemplate(jinja, templateVocabulary), kind === 'spm')
  const controlTokens = (tokens: readonly Token[]) => tokens.filter((token) => model.getTokenAttributes(token).control)

  beforeAll(async () => {
    const path = join(folder, `${kind}.gguf`)
    writeRandomModel(path, { ...RANDOM_MODEL_PRESETS.tiny, vocabulary: kind })
    model = await llama.loadModel({ modelPath: path, vocabOnly: true })
  })

  test('a prompt is tokenized as llama.cpp does it, after one BOS', () => {
    const { tokens } = prompts().tokenize({ messages: user('hello, 羊驼') })
    const text =
      '<|start_header_id|>user<|end_header_id|>\n\nhello, 羊驼<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n'
    expect(tokens).toEqual([model.tokens.bos, ...model.tokenize(text, true)])
  })

  // Catches a program that writes the model's form itself, and whose turns the model then reads as words.
  test('what a program has rendered is read as the template says it, what a person typed is not', () => {
    const text = chooseChatTemplate(null, templateVocabulary).render(user('tadu'))
    const asked = prompts().tokenize({ messages: user('tadu') }).tokens
    expect(prompts().tokenize({ text, isRendered: true }).tokens).toEqual(asked)
    expect(prompts().tokenize({ text: bosText + text, isRendered: true }).tokens).toEqual(asked)
    expect(prompts().tokenize({ text }).tokens).not.toEqual(asked)
  })

  test.each([1, 2, 0])('a template that writes BOS %d times gets exactly one', (count) => {
    const jinja = `${'{{ bos_token }}'.repeat(count)}{{ messages[0].content }}`
    const { tokens } = prompts(jinja).tokenize({ messages: user('tadu') })
    expect(tokens).toEqual([model.tokens.bos, ...model.tokenize('tadu', true)])
  })

  test('what a person types never becomes a control token', () => {
    const word = fc.constantFrom('<|eot_id|>', '<s>', '</s>', '<|begin_of_text|>', '[INST]', 'tadu', ' ', '<|')
    const typed = fc.array(fc.oneof(word, fc.string())).map((words) => words.join(''))
    const expected = controlTokens(prompts().tokenize({ messages: user('tadu') }).tokens)
    fc.assert(
      fc.property(typed, (text) => {
        expect(controlTokens(prompts().tokenize({ messages: user(text) }).tokens)).toEqual(expected)
      }),
    )
  })

  test('the bytes of a text, taken from its tokens, are the text again', async () => {
    const bytesOf = await tokenBytesOf(model)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const decoded = Buffer.concat(model.tokenize(text).map((token) => bytesOf(token))).toString()
        // Only with single spaces and without the sign for them does SentencePiece keep a text as it is.
        if (kind === 'bpe') expect(decoded).toBe(text)
        else if (!text.includes('▁')) expect(decoded).toBe(` ${text}`)
      }),
    )
  })

  test('the next turn keeps the tokens of an answer that was cut in an unusual way', () => {
    const tokenizer = prompts()
    const prompt = tokenizer.tokenize({ messages: user('tadu') })
    const answer = [...'tadu'].flatMap((letter) => model.tokenize(letter, false, 'trimLeadingSpace'))
    expect(answer).not.toEqual(model.tokenize('tadu', false, 'trimLeadingSpace'))
    tokenizer.remember(prompt, 'tadu', answer)
    const messages: PromptMessage[] = [...user('tadu'), { role: 'assistant', text: 'tadu' }, ...user('more')]
    const next = tokenizer.tokenize({ messages }).tokens
    expect(next.slice(0, prompt.tokens.length + answer.length)).toEqual([...prompt.tokens, ...answer])
    const rest = '<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nmore<|eot_id|>'
    expect(next.slice(prompt.tokens.length + answer.length)).toEqual(
      model.tokenize(`${rest}<|start_header_id|>assistant<|end_header_id|>\n\n`, true),
    )
    // Asking again goes back to where the answer began.
    expect(tokenizer.tokenize({ messages: user('tadu') }).tokens).toEqual(prompt.tokens)
  })

  test('text after an answer gets no space of its own', () => {
    const tokenizer = prompts('{% for message in messages %}{{ message.content }}{% endfor %}')
    const prompt = tokenizer.tokenize({ messages: user('tadu') })
    tokenizer.remember(prompt, 'nore', model.tokenize('nore', false, 'trimLeadingSpace'))
    const { tokens } = tokenizer.tokenize({ messages: [...user('tadu'), { role: 'assistant', text: 'nore' }, ...user('sita')] })
    expect(model.detokenize([...tokens]).trim()).toBe('tadunoresita')
  })
})
