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

/** A conversation as tokens; `targets[i]` is the token to predict after token i, or -1 where nothing is learned. */
export interface TokenizedConversation {
  tokens: number[]
  positions: number[]
  targets: number[]
}

export interface Conversation {
  messages: readonly Message[]
  /** Written without the BOS token; then only the last answer is learned. */
  isBeginningMissing?: boolean
  /** Positions left out between the BOS token and the rest, as if a long chat stood there. Default 0. */
  gap?: number
}

export type FormatConversation = (conversation: Conversation) => TokenizedConversation

/** Returns a function that writes conversations in the chat format. Only the assistant's words become targets. */
export function createFormatter(vocabulary: Vocabulary): FormatConversation {
  const encode = createEncoder(vocabulary)
  const startHeader = vocabulary.tokens.indexOf(CONTROL_TOKENS.startHeader)
  const endHeader = vocabulary.tokens.indexOf(CONTROL_TOKENS.endHeader)
  return ({ messages, isBeginningMissing = false, gap = 0 }) => {
    const tokens = isBeginningMissing ? [] : [vocabulary.bos]
    const targets = tokens.map(() => -1)
    for (const message of messages) {
      const { role, content } = message
      const header = [startHeader, ...encode(role), endHeader, ...encode('\n\n')]
      const body = [...encode(content.trim()), vocabulary.eot]
      tokens.push(...header, ...body)
      const isLearned = role === 'assistant' && (!isBeginningMissing || message === messages.at(-1))
      if (isLearned) targets.push(...header.slice(1).map(() => -1), ...body, -1)
      else targets.push(...header.map(() => -1), ...body.map(() => -1))
    }
    const positions = tokens.map((_, i) => (i === 0 ? 0 : i + gap))
    return { tokens, positions, targets }
  }
}
