/** Chat formats of other families, to measure what a wrong template does to the demo model. */
import type { Message } from './chat-format.ts'

export type RenderPrompt = (messages: readonly Message[]) => string

const ALPACA_HEAD =
  'Below is an instruction that describes a task. Write a response that appropriately completes the request.'

function chatMl(messages: readonly Message[]): string {
  const turns = messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`)
  return `${turns.join('')}<|im_start|>assistant\n`
}

function alpaca(messages: readonly Message[]): string {
  const parts = messages.map(({ role, content }) => {
    if (role === 'system') return content
    return role === 'user' ? `### Instruction:\n${content}` : `### Response:\n${content}`
  })
  const head = messages[0]?.role === 'system' ? [] : [ALPACA_HEAD]
  return [...head, ...parts, '### Response:\n'].join('\n\n')
}

function llama2(messages: readonly Message[]): string {
  const system = messages.find(({ role }) => role === 'system')
  let prefix = system ? `<<SYS>>\n${system.content}\n<</SYS>>\n\n` : ''
  let prompt = ''
  for (const { role, content } of messages) {
    if (role === 'user') {
      prompt += `[INST] ${prefix}${content} [/INST]`
      prefix = ''
    } else if (role === 'assistant') prompt += ` ${content} </s><s>`
  }
  return prompt
}

function vicuna(messages: readonly Message[]): string {
  const names = { system: '', user: 'USER: ', assistant: 'ASSISTANT: ' }
  return `${messages.map(({ role, content }) => names[role] + content).join('\n')}\nASSISTANT:`
}

function gemma(messages: readonly Message[]): string {
  const turns = messages.map(({ role, content }) => {
    const name = role === 'assistant' ? 'model' : 'user'
    return `<start_of_turn>${name}\n${content}<end_of_turn>\n`
  })
  return `${turns.join('')}<start_of_turn>model\n`
}

function plain(messages: readonly Message[]): string {
  return `${messages.map(({ content }) => content).join('\n')}\n`
}

/** The formats by name. */
export const FOREIGN_FORMATS: Readonly<Record<string, RenderPrompt>> = {
  ChatML: chatMl,
  Alpaca: alpaca,
  'Llama 2': llama2,
  Vicuna: vicuna,
  Gemma: gemma,
  'no format': plain
}
