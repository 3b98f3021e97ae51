/**
 * What the engine reads for a chat, and which message each part of it comes from. A completion is the text
 * that stands there, piece after piece and nothing between or before. In a chat, attachments go before the
 * text of their message; an answer without text (failed or stopped before its first word) is left out, and
 * the person's messages that meet then are joined, because many templates accept no two of them in a row,
 * and none of what stands in the thread may get lost without a word.
 */
import type { Chat, Message } from '../../shared/contract/chats.ts'
import type { GenerateRequest, PromptMessage } from '../../shared/engine/messages.ts'
import type { PathRange } from './context-policy.ts'

/** A message of a path; one that is not saved yet has no id. */
export type PathMessage = Pick<Message, 'role' | 'text' | 'attachments' | 'summary' | 'runCard'> & { id: string | null }

export interface PromptInput {
  mode: Chat['mode']
  /** With its variables filled in; blank = none. Not for completions. */
  systemPrompt: string
  path: readonly PathMessage[]
  /** Left out of the prompt; null = nothing. */
  cut: PathRange | null
  /** Stands in the place of what is cut; empty = none. */
  summary: string
  /** The beginning of the answer; empty = none. */
  answerStart: string
}

export type ReadAttachment = (attachmentId: string) => string | Promise<string>

export interface BuiltPrompt {
  prompt: GenerateRequest['prompt']
  /** Of each of its messages: what of the path it was made from, as indexes. Empty for the system message. */
  sources: number[][]
  /** The summary as it stands at the head of the first message after the cut; empty = none. */
  summaryText: string
}

/** Rejects with NOT_FOUND if an attachment is not there any more. */
export async function buildPrompt(input: PromptInput, readAttachment: ReadAttachment): Promise<BuiltPrompt> {
  const { mode, systemPrompt, path, cut, answerStart } = input
  if (mode === 'completion') {
    const text = path.map(({ text }) => text).join('') + answerStart
    return { prompt: { text }, sources: [path.map((_, index) => index)], summaryText: '' }
  }
  const messages: PromptMessage[] = []
  const sources: number[][] = []
  if (systemPrompt.trim() !== '') {
    messages.push({ role: 'system', text: systemPrompt })
    sources.push([])
  }
  for (const [index, { role, text }] of path.entries()) {
    if (cut && index >= cut.from && index <= cut.to) continue
    const source = sources.at(-1)
    if (role === 'user' && messages.at(-1)?.role === 'user') source!.push(index)
    else if (role === 'user' || text !== '') {
      messages.push({ role, text })
      sources.push([index])
    }
  }
  const summaryText = input.summary === '' ? '' : summaryBlock(input.summary)
  const summaryAt = summaryText === '' ? -1 : messages.findIndex((_, index) => (sources[index]![0] ?? -1) > cut!.to)
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'user') continue
    const from = sources[index]!.map((source) => path[source]!)
    let attached = index === summaryAt ? summaryText : ''
    for (const attachment of from.flatMap(({ attachments }) => attachments)) {
      attached += attachmentBlock(attachment.name, await readAttachment(attachment.id))
    }
    message.text = attached + from.map(({ text }) => text).join('\n\n')
    if (attached !== '') message.attachedLength = attached.length
  }
  const prompt = answerStart === '' ? { messages } : { messages, answerStart }
  return { prompt, sources, summaryText: summaryAt < 0 ? '' : summaryText }
}

/** A name and its content in a fence that is longer than any in the content. */
function attachmentBlock(name: string, content: string): string {
  const fence = fenceFor(content)
  return `${name}\n${fence}\n${content}${content.endsWith('\n') ? '' : '\n'}${fence}\n\n`
}

function summaryBlock(summary: string): string {
  const heading = isChinese(summary) ? '此前对话的摘要：' : 'Summary of the conversation so far:'
  return `${heading}\n${summary}\n\n`
}

export function fenceFor(content: string): string {
  const longest = Math.max(2, ...(content.match(/`+/g) ?? []).map((run) => run.length))
  return '`'.repeat(longest + 1)
}

/** Whether a text is rather Chinese than not: one Han character says as much as a short word. */
export function isChinese(text: string): boolean {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const words = text.match(/[A-Za-z]{2,}/g)?.length ?? 0
  return han > 0 && han >= words / 2
}
