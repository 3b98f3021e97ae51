/**
 * Which family a file belongs to, by the names in and around it and by the size of its vocabulary.
 * Names come first: a file that is called one thing and has the vocabulary of another is broken, and
 * the doctor says so. Source: the READMEs of Chinese-LLaMA-Alpaca 1 to 3 and of llama3-Chinese-chat.
 */
import type { TemplateFamily } from '../../shared/lib/load-setting-values.ts'

export interface Family {
  /** As its makers write it, the same in every language. */
  readonly name: string
  readonly vocabularySize: number
  /** null where names do not tell a base model from one that was taught to chat. */
  readonly kind: 'chat' | 'base' | null
  /** null for a base model, and where the app has none of its own. */
  readonly template: TemplateFamily | null
}

const alpaca2VocabularySize = 55296
const llama3VocabularySize = 128256

const chineseLlama: Family = { name: 'Chinese-LLaMA', vocabularySize: 49953, kind: 'base', template: null }
const chineseAlpaca: Family = { name: 'Chinese-Alpaca', vocabularySize: 49954, kind: 'chat', template: 'alpaca' }

function phase2(name: string, kind: Family['kind']): Family {
  return { name, vocabularySize: alpaca2VocabularySize, kind, template: kind === 'base' ? null : 'alpaca-2' }
}

function llama3(name: string, template: TemplateFamily | null): Family {
  return { name, vocabularySize: llama3VocabularySize, kind: template ? 'chat' : 'base', template }
}

/** Sizes by which a file can be known to belong to another family than its name says. */
export const familyVocabularySizes: readonly number[] = [
  32000,
  chineseLlama.vocabularySize,
  chineseAlpaca.vocabularySize,
  alpaca2VocabularySize,
  llama3VocabularySize,
]

/** Lower case, words joined by `-`, and without the name of the project that made both kinds. */
export function normaliseNames(names: readonly string[]): string {
  const text = names.join('/').toLowerCase()
  return text.replace(/[\s_]+/g, '-').replace(/chinese-llama-alpaca(-[23])?/g, '')
}

/** Words that only models taught to chat have in their names. */
const chatWords = /(?<![a-z])(instruct|chat|alpaca|vicuna|assistant|sft|dpo|orpo|rlhf)(?![a-z])|-it(?![a-z])/

export function namesChat(names: string): boolean {
  return chatWords.test(names)
}

/** It says so, or it has a size in its name and no word for a chat model: so base models are called. */
export function namesBase(names: string): boolean {
  if (chatWords.test(names)) return false
  return /(?<![a-z])(base|pretrained)(?![a-z])/.test(names) || /(?<![a-z\d.])\d+(\.\d+)?b(?![a-z\d])/.test(names)
}

/** `names` as `normaliseNames` makes them. null: not of the line this app knows by heart. */
export function familyOf(names: string, vocabularySize: number): Family | null {
  if (/chinese-alpaca-2/.test(names)) return phase2('Chinese-Alpaca-2', 'chat')
  if (/chinese-llama-2/.test(names)) return phase2('Chinese-LLaMA-2', 'base')
  if (/chinese-alpaca/.test(names)) return chineseAlpaca
  if (/chinese-llama(?!-?3)/.test(names)) return chineseLlama
  if (vocabularySize === llama3VocabularySize || /llama-?3.*chinese/.test(names)) return llama3Of(names)
  if (vocabularySize === chineseLlama.vocabularySize) return chineseLlama
  if (vocabularySize === chineseAlpaca.vocabularySize) return chineseAlpaca
  if (vocabularySize === alpaca2VocabularySize) return phase2('Chinese-LLaMA-2 / Chinese-Alpaca-2', null)
  return null
}

function llama3Of(names: string): Family {
  if (/shareai/.test(names) && !/llama-?3\.1/.test(names)) {
    return /instruct|dpo/.test(names)
      ? llama3('shareAI Llama3-Chinese-Instruct', 'shareai-instruct')
      : llama3('shareAI Llama3-Chinese-Chat', 'shareai-v1')
  }
  const isChinese = /chinese/.test(names)
  if (namesChat(names)) return llama3(isChinese ? 'Llama-3-Chinese-Instruct' : 'Llama 3 Instruct', 'llama-3-instruct')
  const base = llama3(isChinese ? 'Llama-3-Chinese' : 'Llama 3', null)
  return namesBase(names) ? base : { ...base, kind: null, template: 'llama-3-instruct' }
}
