/** The Llama 3 Instruct chat format: as a template in the model file, and as token ids for training. */
import type { Vocabulary } from '../gguf/llama-metadata.ts'
import { CONTROL_TOKENS, createEncoder } from './byte-pair-encoding.ts'

export interface Message {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** The chat template that Meta published with Llama 3 Instruct. */
export const LLAMA_3_TEMPLATE =
  "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"

/** The words of the format that must be single tokens. */
export const FORMAT_WORDS = ['system', 'user', 'assistant', '\n\n']

/** A conversation as tokens; `targets[i]` is the token to predict at position i, or -1 where nothing is learned. */
export interface TokenizedConversation {
  tokens: number[]
  targets: number[]
}

export type FormatConversation = (messages: readonly Message[]) => TokenizedConversation

/** Returns a function that writes conversations in the chat format. Only the assistant's words become targets. */
export function createFormatter(vocabulary: Vocabulary): FormatConversation {
  const encode = createEncoder(vocabulary)
  const startHeader = vocabulary.tokens.indexOf(CONTROL_TOKENS.startHeader)
  const endHeader = vocabulary.tokens.indexOf(CONTROL_TOKENS.endHeader)
  return (messages) => {
    const tokens = [vocabulary.bos]
    const targets = [-1]
    for (const { role, content } of messages) {
      const header = [startHeader, ...encode(role), endHeader, ...encode('\n\n')]
      const body = [...encode(content.trim()), vocabulary.eot]
      tokens.push(...header, ...body)
      if (role === 'assistant') targets.push(...header.slice(1).map(() => -1), ...body, -1)
      else targets.push(...header.map(() => -1), ...body.map(() => -1))
    }
    return { tokens, targets }
  }
}
