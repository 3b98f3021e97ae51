/**
 * Has a model write the summary that stands in the place of turns that no longer fit. What does not fit into
 * one request is summarised piece by piece, each with the summary of those before it.
 */
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { defaultSampling } from '../../shared/lib/sampling.ts'
import type { EngineSupervisor } from '../engine/engine-supervisor.ts'
import { fenceFor, isChinese, type PathMessage } from './prompt.ts'
import { summaryTokens } from './context-policy.ts'
import { withoutReasoning } from './without-reasoning.ts'

/** Of the request besides summary and conversation; and the error of dividing a text by its characters. */
const overheadTokens = 160
const pieceMargin = 0.85

type SummaryEngine = Pick<EngineSupervisor, 'countText' | 'generate'>

export interface SummaryRequest {
  chatId: string
  /** What is left out, in the order of the chat. */
  messages: readonly Pick<PathMessage, 'role' | 'text'>[]
  /** Of what was left out before that; empty = nothing was. */
  earlier: string
  contextSize: number
  signal: AbortSignal
}

/**
 * The summary; null if the model wrote none, could not, or was stopped by `signal`. Rejects with ENGINE_CRASHED.
 */
export async function summarise(engine: SummaryEngine, request: SummaryRequest): Promise<string | null> {
  const { messages, contextSize } = request
  const maxTokens = summaryTokens(contextSize)
  const lines = messages.map(({ role, text }) => `${role === 'user' ? 'User' : 'Assistant'}: ${text}`)
  const conversation = lines.join('\n\n')
  const roomTokens = (contextSize - 2 * maxTokens - overheadTokens) * pieceMargin
  const tokens = await engine.countText(conversation)
  if (tokens === null || roomTokens <= 0) return null
  let summary = request.earlier
  for (const piece of pieces(conversation, Math.ceil(tokens / roomTokens))) {
    const next = await summariseOnce(engine, summary, piece, maxTokens, request)
    if (next === null) return null
    summary = next
  }
  return summary
}

async function summariseOnce(
  engine: SummaryEngine,
  earlier: string,
  conversation: string,
  maxTokens: number,
  { chatId, signal }: SummaryRequest,
): Promise<string | null> {
  const text = summaryPrompt(earlier, conversation)
  let written = ''
  try {
    const { stopReason } = await engine.generate(
      { prompt: { messages: [{ role: 'user', text }] }, sampling: { ...defaultSampling, maxTokens } },
      { chatId, signal, onText: (piece) => (written += piece) },
    )
    return stopReason === 'stopped' ? null : withoutReasoning(written) || null
  } catch (error) {
    if (error instanceof AppFailure && error.code === 'ENGINE_CRASHED') throw error
    return null
  }
}

function summaryPrompt(earlier: string, conversation: string): string {
  const words = isChinese(conversation) ? chineseWords : englishWords
  const before = earlier === '' ? '' : `${words.earlier}\n${fenced(earlier)}\n\n`
  return `${words.task}\n\n${before}${words.conversation}\n${fenced(conversation)}\n\n${words.end}`
}

const chineseWords = {
  task: '请把下面的对话概括成一段简明的摘要，保留事实、名字、数字、结论和尚未解决的问题，让人读了摘要就能接着聊。只写摘要本身。',
  earlier: '更早内容的摘要，请一并写入：',
  conversation: '对话：',
  end: '摘要：',
}
const englishWords = {
  task:
    'Summarise the conversation below concisely. Keep facts, names, numbers, decisions and open questions, ' +
    'so that the conversation can go on from the summary. Write only the summary.',
  earlier: 'Summary of what came before, to be included:',
  conversation: 'Conversation:',
  end: 'Summary:',
}

function fenced(text: string): string {
  const fence = fenceFor(text)
  return `${fence}\n${text}\n${fence}`
}

/** Parts of about the same length, cut at blank lines or line breaks where there are some near. */
export function pieces(text: string, count: number): string[] {
  const length = Math.ceil(text.length / count)
  const parts: string[] = []
  let start = 0
  while (text.length - start > length) {
    const end = start + length
    const near = text.slice(start + Math.floor(length * 0.9), end)
    const line = Math.max(near.lastIndexOf('\n\n'), near.lastIndexOf('\n'))
    const cut = line >= 0 ? end - near.length + line + 1 : wholeCharacterEnd(text, end)
    parts.push(text.slice(start, cut))
    start = cut
  }
  return [...parts, text.slice(start)]
}

function wholeCharacterEnd(text: string, end: number): number {
  return (text.codePointAt(end - 1) ?? 0) > 0xffff ? end + 1 : end
}
