/**
 * Turns the messages of a chat into the text a model was trained to continue: by the Jinja template
 * in its file, or by the template of its family, which its vocabulary gives away. The text starts
 * without BOS unless a Jinja template writes it; the engine sees to it that there is exactly one.
 */
import { Template } from '@huggingface/jinja'
import type { PromptMessage } from '../engine/messages.ts'
import { AppFailure } from './app-failure.ts'

export interface ChatTemplate {
  /** `file`, or the family's: `llama-3-instruct`, `chatml`, `alpaca-2`, `alpaca`. */
  readonly name: string
  /** The answer ends before any of these, where the family has no token that surely ends it. */
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

/** `jinja` is the file's own template; null if it has none. */
export function chooseChatTemplate(jinja: string | null, vocabulary: TemplateVocabulary): ChatTemplate {
  if (jinja !== null) return jinjaTemplate(jinja, vocabulary)
  if (vocabulary.hasToken('<|start_header_id|>')) return llama3Instruct
  if (vocabulary.hasToken('<|im_start|>')) return chatMl
  return vocabulary.size === alpaca2VocabularySize ? alpaca2 : alpaca
}

function jinjaTemplate(source: string, { bosText, eosText }: TemplateVocabulary): ChatTemplate {
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
    name: 'file',
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

/** Source: Chinese-LLaMA-Alpaca-3, scripts/inference/inference_hf.py. */
const llama3Instruct: ChatTemplate = {
  name: 'llama-3-instruct',
  stopTexts: [],
  render: (messages) => {
    const header = (role: string) => `<|start_header_id|>${role}<|end_header_id|>\n\n`
    return messages.map(({ role, text }) => `${header(role)}${text}<|eot_id|>`).join('') + header('assistant')
  },
}

/** Source: https://github.com/openai/openai-python/blob/v0.28.1/chatml.md */
const chatMl: ChatTemplate = {
  name: 'chatml',
  stopTexts: [],
  render: (messages) =>
    messages.map(({ role, text }) => `<|im_start|>${role}\n${text}<|im_end|>\n`).join('') + '<|im_start|>assistant\n',
}

/** Only the Chinese LLaMA-2 models have a vocabulary of this size. */
const alpaca2VocabularySize = 55296

/** Source: Chinese-LLaMA-Alpaca-2, scripts/inference/gradio_demo.py and prompts/alpaca-2.txt. */
const alpaca2: ChatTemplate = {
  name: 'alpaca-2',
  stopTexts: [],
  render: (messages) => {
    const system = systemTextOf(messages) ?? 'You are a helpful assistant. 你是一个乐于助人的助手。'
    let prompt = ''
    for (const { role, text } of messages) {
      if (role === 'assistant') prompt += ` ${text}</s><s>`
      else if (role === 'user') prompt += `[INST] ${prompt ? '' : `<<SYS>>\n${system}\n<</SYS>>\n\n`}${text} [/INST]`
    }
    return prompt
  },
}

/** Source: Chinese-LLaMA-Alpaca, scripts/inference/inference_hf.py; llama.cpp, prompts/alpaca.txt for the turns. */
const alpaca: ChatTemplate = {
  name: 'alpaca',
  stopTexts: ['### Instruction:'],
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

function systemTextOf(messages: readonly PromptMessage[]): string | undefined {
  return messages.find(({ role }) => role === 'system')?.text
}
