import type { TemplateChoice } from '../shared/contract/load-settings.ts'
import type { EngineCalls, InspectResult, PromptMessage } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { chooseChatTemplate } from '../shared/lib/chat-templates.ts'
import { inspectModel } from './inspect-model.ts'

/** Of words that need no translation. */
const conversation: PromptMessage[] = [
  { role: 'system', text: '你是羊驼。You are Yangtuo.' },
  { role: 'user', text: '你好 hello' },
  { role: 'assistant', text: '你好！Hello!' },
  { role: 'user', text: '1 + 1 = ?' },
]

/**
 * A short conversation as the model would get it. Only the head of the file is read. Rejects with
 * the codes of `inspectModel`, or TEMPLATE_FAILED.
 */
export async function previewTemplate(
  path: string,
  choice: TemplateChoice,
): Promise<EngineCalls['previewTemplate']['output']> {
  const { chat, vocabularySize } = await inspectModel(path)
  if (!chat) throw new AppFailure('NOT_A_LANGUAGE_MODEL', { path, kind: 'adapter' })
  const bosText = chat.bosText ?? ''
  const vocabulary = {
    size: vocabularySize,
    hasToken: (text: string) => chat.markerTexts.includes(text),
    bosText,
    eosText: chat.eosText ?? '',
  }
  const template = chooseChatTemplate(chat.template, vocabulary, choice)
  const rendered = template.render(conversation)
  // As PromptTokenizer does it: one BOS where the model wants one or the template writes one.
  let text = rendered
  while (bosText && text.startsWith(bosText)) text = text.slice(bosText.length)
  const hasBos = wantsBos(chat) || text !== rendered
  return { template: template.name, prompt: hasBos ? bosText + text : text }
}

/** What the file says, else what llama.cpp does with its kind of tokens. Source: llama-vocab.cpp, `add_bos`. */
function wantsBos({ addsBos, tokenizer, preTokenizer }: NonNullable<InspectResult['chat']>): boolean {
  return addsBos ?? (tokenizer === 'llama' || preTokenizersWithBos.has(preTokenizer ?? ''))
}

const preTokenizersWithBos = new Set(['llama3', 'llama-v3', 'llama-bpe', 'falcon3', 'falcon-h1', 'pixtral', 'tekken'])
