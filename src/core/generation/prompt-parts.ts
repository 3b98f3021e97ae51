/** What the segments of a counted prompt are to a person: which kind of text, and of which message. */
import type { PromptPart, PromptPartKind } from '../../shared/contract/generation.ts'
import type { EngineCalls, PromptSegment } from '../../shared/engine/messages.ts'
import type { BuiltPrompt, PathMessage } from './prompt.ts'

interface Part {
  kind: PromptPartKind
  messageId: string | null
  tokenCount: number
}

export interface PartsInput {
  built: BuiltPrompt
  path: readonly PathMessage[]
  /** Tokens of the summary, where it stands before attachments. */
  summaryTokens: number
  /** The message that carries the summary. */
  summaryMessageId: string | null
  /** The answer that goes on; null = it is a new one. */
  answerId: string | null
}

/** In the order of the prompt; their tokens add up to those of the segments. */
export function promptParts(segments: readonly PromptSegment[], input: PartsInput): Part[] {
  const parts: Part[] = []
  let summaryLeft = input.summaryTokens
  for (const segment of segments) {
    const part = { ...placeOf(segment, input), tokenCount: segment.tokenCount }
    if (part.kind === 'summary') {
      const summary = Math.min(summaryLeft, part.tokenCount)
      summaryLeft -= summary
      if (summary > 0) parts.push({ ...part, messageId: input.summaryMessageId, tokenCount: summary })
      if (part.tokenCount > summary) parts.push({ ...part, kind: 'attachment', tokenCount: part.tokenCount - summary })
    } else if (part.tokenCount > 0) parts.push(part)
  }
  return parts
}

export function tokensByKind(parts: readonly Part[]): Partial<Record<PromptPartKind, number>> {
  const tokens: Partial<Record<PromptPartKind, number>> = {}
  for (const { kind, tokenCount } of parts) tokens[kind] = (tokens[kind] ?? 0) + tokenCount
  return tokens
}

/** Each part with its tokens; `cachedTokens` are at the head of the prompt. */
export function partsWithTokens(
  parts: readonly Part[],
  tokens: EngineCalls['inspectPrompt']['output']['tokens'],
  cachedTokens: number,
): PromptPart[] {
  let start = 0
  return parts.map(({ kind, messageId, tokenCount }) => {
    const end = start + tokenCount
    const cached = Math.max(0, Math.min(end, cachedTokens) - start)
    const part = { kind, messageId, tokens: tokens.slice(start, end), cachedTokens: cached }
    start = end
    return part
  })
}

/** What stands attached before the first message after a cut may be a summary; `promptParts` divides it. */
function placeOf({ messageIndex, isAttached }: PromptSegment, input: PartsInput): Omit<Part, 'tokenCount'> {
  const { built, path, answerId } = input
  if (messageIndex === null) return { kind: 'template', messageId: null }
  if ('text' in built.prompt) return { kind: 'message', messageId: path.at(-1)?.id ?? null }
  const source = built.sources[messageIndex]
  if (source === undefined) return { kind: 'answer', messageId: answerId }
  if (source.length === 0) return { kind: 'system', messageId: null }
  const messageId = path[source.at(-1)!]!.id
  if (isAttached) return { kind: isSummarised(messageIndex, built) ? 'summary' : 'attachment', messageId }
  return { kind: source.includes(path.length - 1) ? 'message' : 'history', messageId }
}

function isSummarised(messageIndex: number, { prompt, summaryText }: BuiltPrompt): boolean {
  return summaryText !== '' && 'messages' in prompt && prompt.messages[messageIndex]!.text.startsWith(summaryText)
}

