/** What formats without branches are made of: the path shown of a chat, with the system prompt its answers had. */
import type { RunCard } from '../../shared/contract/chats.ts'
import { defaultSampling, samplingNumberNames } from '../../shared/lib/sampling.ts'
import type { ChatRecord, StoredChat, StoredMessage } from './records.ts'
import type { Exchange } from './training-data.ts'

export interface ShownChat {
  chat: StoredChat
  /** Empty = none. */
  systemPrompt: string
  path: StoredMessage[]
}

/** The text of an attachment; null where its file is gone. */
export type AttachmentTexts = (attachmentId: string) => string | null

export function shownChat({ chat, messages }: ChatRecord): ShownChat {
  const path = pathTo(messages, chat.activeLeafId)
  const used = path.findLast(({ runCard }) => runCard !== null)?.runCard?.systemPrompt
  return { chat, systemPrompt: used ?? chat.systemPrompt ?? '', path }
}

/** From the first message down to `leafId`; without one (it may have been deleted) to the newest message. */
export function pathTo(messages: readonly StoredMessage[], leafId: string | null): StoredMessage[] {
  const byId = new Map(messages.map((message) => [message.id, message]))
  const path: StoredMessage[] = []
  const seen = new Set<string>()
  let message = byId.get(leafId ?? '') ?? messages.at(-1)
  while (message && !seen.has(message.id)) {
    seen.add(message.id)
    path.push(message)
    message = message.parentId === null ? undefined : byId.get(message.parentId)
  }
  return path.reverse()
}

export function exchangeOf({ systemPrompt, path }: ShownChat, attachmentText: AttachmentTexts): Exchange {
  const turns = path.flatMap(({ role, text, attachments }) => {
    const files = attachments.map(({ id, name }) => `${name}\n\n${attachmentText(id) ?? ''}`)
    const whole = [...files, text].join('\n\n')
    return whole.trim() === '' ? [] : [{ role, text: whole }]
  })
  return { system: systemPrompt, turns }
}

/**
 * Model and parameters of an answer on one line; values as in `Sampling`, those that are no defaults besides the usual
 * ones.
 */
export function figuresOf({ model, sampling, adapters, answerTokens, tokensPerSecond }: RunCard): string {
  const usual = new Set(['temperature', 'topK', 'topP', 'seed'])
  const values = samplingNumberNames
    .filter((name) => usual.has(name) || sampling[name] !== defaultSampling[name])
    .map((name) => `${name} ${sampling[name]}`)
  return [
    model.name,
    model.quantization,
    ...adapters.map(({ fileName, scale }) => `${fileName} × ${scale}`),
    ...values,
    `${answerTokens} tokens`,
    ...(tokensPerSecond === null ? [] : [`${tokensPerSecond.toFixed(1)} tokens/s`]),
  ].join(' · ')
}

/** Takes a leading block of reasoning apart from the answer. */
export function splitReasoning(text: string): { reasoning: string; answer: string } {
  const match = /^\s*<think>([\s\S]*?)(?:<\/think>|$)/.exec(text)
  return match
    ? { reasoning: match[1]!.trim(), answer: text.slice(match[0].length).replace(/^\s*\n/, '') }
    : { reasoning: '', answer: text }
}
