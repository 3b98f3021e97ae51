/**
 * Turns the messages of a chat into the text a model was trained to continue: by a Jinja template,
 * or by the template of its family. The text starts without BOS unless a Jinja template writes it;
 * the engine sees to it that there is exactly one.
 */
import { Template } from '@huggingface/jinja'
import type { TemplateChoice } from '../contract/load-settings.ts'
import type { TemplateFamily } from './load-setting-values.ts'
import type { PromptMessage } from '../engine/messages.ts'
import { AppFailure } from './app-failure.ts'

export interface ChatTemplate {
  readonly name: 'file' | 'custom' | TemplateFamily
  /** The answer ends before any of these, be they a token's text or not. */
  readonly stopTexts: readonly string[]
  /** The prompt, ready for the answer. Throws TEMPLATE_FAILED. */
  render(messages: readonly PromptMessage[]): string
}

export interface TemplateVocabulary {
  size: number
  hasToken(text: string): boolean
  /** Empty if it has none. */
  bosText: string
  eosText: string
}

/**
 * `jinja` is the file's own template; null if it has none. By choice, else the file's, else the
 * family's that the vocabulary gives away.
 */
export function chooseChatTemplate(
  jinja: string | null,
  vocabulary: TemplateVocabulary,
  choice: TemplateChoice = { type: 'automatic' },
): ChatTemplate {
  if (choice.type === 'family') return families[choice.family]
  if (choice.type === 'jinja') return jinjaTemplate('custom', choice.source, vocabulary)
  if (jinja !== null) return jinjaTemplate('file', jinja, vocabulary)
  return families[familyOf(vocabulary)]
}

function familyOf({ hasToken, size }: TemplateVocabulary): TemplateFamily {
  if (hasToken('<|start_header_id|>')) return 'llama-3-instruct'
  if (hasToken('<|im_start|>')) return 'chatml'
  if (hasToken('<start_of_turn>')) return 'gemma'
  return size === alpaca2VocabularySize ? 'alpaca-2' : 'alpaca'
}

function jinjaTemplate(name: 'file' | 'custom', source: string, { bosText, eosText }: TemplateVocabulary): ChatTemplate {
  let template: Template | undefined
  const render = (messages: readonly PromptMessage[]) => {
    // The library's own strftime_now cannot be replaced and speaks the system's language.
    template ??= new Template(source.replaceAll('strftime_now', 'english_strftime_now'))
    return template.render({
      messages: messages.map(({ role, text }) => ({ role, content: text })),
      add_generation_prompt: true,
      bos_token: bosText,
      eos_token: eosText,
      // Templates ask whether these are none, which undefined is not.
      tools: null,
      documents: null,
      english_strftime_now: strftimeNow,
    })
  }
  return {
    name,
    stopTexts: [],
    render(messages) {
      try {
        return render(messages)
      } catch (error) {
        const merged = withoutSystemRole(messages)
        if (!merged) throw templateFailure(error)
        try {
          return render(merged)
        } catch {
          throw templateFailure(error)
        }
      }
    },
  }
}

/** Some templates refuse a system message; their models take it at the head of the person's first. */
function withoutSystemRole(messages: readonly PromptMessage[]): PromptMessage[] | null {
  const [system, first, ...rest] = messages
  if (system?.role !== 'system' || first?.role !== 'user') return null
  return [{ role: 'user', text: `${system.text}\n\n${first.text}` }, ...rest]
}

function templateFailure(error: unknown): AppFailure {
  return new AppFailure('TEMPLATE_FAILED', { detail: error instanceof Error ? error.message : String(error) })
}

/** Python's strftime of now, in English whatever the system's language is: so the models were trained. */
function strftimeNow(format: string): string {
  const now = new Date()
  const name = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-US', options).format(now)
  const two = (value: number) => String(value).padStart(2, '0')
  const fields: Record<string, string> = {
    '%Y': String(now.getFullYear()),
    '%m': two(now.getMonth() + 1),
    '%d': two(now.getDate()),
    '%b': name({ month: 'short' }),
    '%B': name({ month: 'long' }),
    '%a': name({ weekday: 'short' }),
    '%A': name({ weekday: 'long' }),
    '%H': two(now.getHours()),
    '%M': two(now.getMinutes()),
    '%S': two(now.getSeconds()),
    '%%': '%',
  }
  return format.replace(/%./g, (field) => fields[field] ?? field)
}

function llama3Header(role: string): string {
  return `<|start_header_id|>${role}<|end_header_id|>\n\n`
}

/** Source: Chinese-LLaMA-Alpaca-3, scripts/inference/inference_hf.py. */
const llama3Instruct: ChatTemplate = {
  name: 'llama-3-instruct',
  stopTexts: ['<|eot_id|>', '<|end_of_text|>'],
  render: (messages) =>
    messages.map(({ role, text }) => `${llama3Header(role)}${text}<|eot_id|>`).join('') + llama3Header('assistant'),
}

/** Source: llama3-Chinese-chat, deploy/python/chat_demo.py and deploy/web_streamlit_for_v1.py. */
const shareAiV1: ChatTemplate = {
  name: 'shareai-v1',
  // Trained from the base model, which never learned to end with <|eot_id|>.
  stopTexts: ['<|end_of_text|>'],
  render: (messages) => shareAiPrompt(messages, '<|end_of_text|>\n'),
}

/** Source: llama3-Chinese-chat, deploy/web_streamlit_for_instruct.py and deploy/web_streamlit_for_instruct_v2.py. */
const shareAiInstruct: ChatTemplate = {
  name: 'shareai-instruct',
  stopTexts: ['<|eot_id|>'],
  render: (messages) => shareAiPrompt(messages, '<|eot_id|>'),
}

function shareAiPrompt(messages: readonly PromptMessage[], endOfAnswer: string): string {
  let prompt = ''
  for (const { role, text } of messages) {
    if (role === 'system') prompt += `<<SYS>>\n${text}\n<</SYS>>\n\n`
    else prompt += `${llama3Header(role)}${text}${role === 'user' ? '<|eot_id|>' : endOfAnswer}`
  }
  return prompt + llama3Header('assistant')
}

/** Source: https://github.com/openai/openai-python/blob/v0.28.1/chatml.md */
const chatMl: ChatTemplate = {
  name: 'chatml',
  stopTexts: ['<|im_end|>'],
  render: (messages) =>
    messages.map(({ role, text }) => `<|im_start|>${role}\n${text}<|im_end|>\n`).join('') + '<|im_start|>assistant\n',
}

/** Source: https://ai.google.dev/gemma/docs/core/prompt-structure; it has no system role. */
const gemma: ChatTemplate = {
  name: 'gemma',
  stopTexts: ['<end_of_turn>'],
  render: (messages) =>
    (withoutSystemRole(messages) ?? messages)
      .map(({ role, text }) => `<start_of_turn>${role === 'assistant' ? 'model' : 'user'}\n${text}<end_of_turn>\n`)
      .join('') + '<start_of_turn>model\n',
}

/** Only the Chinese LLaMA-2 models have a vocabulary of this size. */
const alpaca2VocabularySize = 55296

/** Source: Chinese-LLaMA-Alpaca-2, scripts/inference/gradio_demo.py and prompts/alpaca-2.txt. */
const alpaca2: ChatTemplate = {
  name: 'alpaca-2',
  stopTexts: [],
  render: (messages) => {
    const system = systemTextOf(messages) ?? 'You are a helpful assistant. 你是一个乐于助人的助手。'
    const firstQuestion = messages.find(({ role }) => role === 'user')
    let prompt = ''
    for (const message of messages) {
      const systemBlock = message === firstQuestion ? `<<SYS>>\n${system}\n<</SYS>>\n\n` : ''
      if (message.role === 'assistant') prompt += ` ${message.text}</s><s>`
      else if (message.role === 'user') prompt += `[INST] ${systemBlock}${message.text} [/INST]`
    }
    return prompt
  },
}

/**
 * Source: Chinese-LLaMA-Alpaca, scripts/inference/inference_hf.py; llama.cpp, prompts/alpaca.txt for the turns. The
 * project writes this template in five ways. Its training has one line break and "### Response: " where this has
 * two; its own inference script leaves that for llama.cpp's form and says that the answers are better, and of the
 * forms with many turns llama.cpp's alone agrees with the script on the first one. Training knew one turn only, so
 * nothing stands between an answer and the next instruction but the line breaks; `</s>` never did.
 */
const alpaca: ChatTemplate = {
  name: 'alpaca',
  // With the line breaks first, so that they do not stay at the end of the answer.
  stopTexts: ['\n\n### Instruction:', '### Instruction:', '\n\n### Response:', '### Response:'],
  render: (messages) => {
    const system =
      systemTextOf(messages) ??
      'Below is an instruction that describes a task. Write a response that appropriately completes the request.'
    let prompt = system
    for (const { role, text } of messages) {
      if (role === 'assistant') prompt += text
      else if (role === 'user') prompt += `\n\n### Instruction:\n\n${text}\n\n### Response:\n\n`
    }
    return prompt
  },
}

const families: Record<TemplateFamily, ChatTemplate> = {
  alpaca,
  'alpaca-2': alpaca2,
  'llama-3-instruct': llama3Instruct,
  'shareai-v1': shareAiV1,
  'shareai-instruct': shareAiInstruct,
  chatml: chatMl,
  gemma,
}

function systemTextOf(messages: readonly PromptMessage[]): string | undefined {
  return messages.find(({ role }) => role === 'system')?.text
}
