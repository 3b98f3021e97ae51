import type { InferenceEvent } from '../../shared/contract/inference.ts'
import { fill } from '../../shared/texts/fill.ts'
import { formatNumber } from '../../shared/texts/format.ts'
import type { HostClient } from '../../server/control/connect-to-host.ts'
import type { CommandContext } from '../command-context.ts'
import { bar, ProgressLine } from '../progress-line.ts'
import type { Conversation } from './conversation.ts'

export interface Answer {
  text: string
  reasoning: string
  /** null = it was stopped before its end. */
  end: Extract<InferenceEvent, { type: 'end' }> | null
  /** From the request to the first piece of text; null if there was none. */
  firstMs: number | null
  /** From the request to the end. */
  totalMs: number
}

const dim = (text: string) => `\u001b[2m${text}\u001b[22m`

/**
 * Has the conversation answered, and writes the answer to stdout as it comes, unless the result is for programs. What
 * happens before is told on stderr. When `signal` aborts, it is stopped, and what there is of it returned.
 */
export async function writeAnswer(
  context: CommandContext,
  client: HostClient,
  conversation: Conversation,
  signal: AbortSignal,
): Promise<Answer> {
  const { texts: { run: texts }, isJson } = context
  const isTerminal = process.stdout.isTTY === true
  const answer: Answer = { text: '', reasoning: '', end: null, firstMs: null, totalMs: 0 }
  const line = new ProgressLine()
  const startedAt = performance.now()
  const write = (text: string) => {
    line.clear()
    if (!isJson) process.stdout.write(text)
  }
  try {
    for await (const event of await client.inference.generate(conversation.request(), { signal })) {
      if (event.type === 'waiting') line.update(texts.waiting, 'waiting')
      else if (event.type === 'loading') {
        line.update(`${fill(texts.loading, { model: conversation.model })}  ${bar(event.fraction)}`, 'loading')
      } else if (event.type === 'reading') {
        const { readTokens: read, totalTokens: total } = event
        // Short prompts are read in no time.
        if (process.stderr.isTTY) line.update(fill(texts.reading, { read: String(read), total: String(total) }), 'reading')
      } else if (event.type === 'reasoning') {
        answer.reasoning += event.text
        if (isTerminal) write(dim(event.text))
      } else if (event.type === 'text') {
        if (isTerminal && answer.text === '' && answer.reasoning !== '') write('\n\n')
        answer.firstMs ??= performance.now() - startedAt
        answer.text += event.text
        write(event.text)
      } else if (event.type === 'end') answer.end = event
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    answer.totalMs = performance.now() - startedAt
    line.clear()
    if (!isJson && (answer.text !== '' || answer.reasoning !== '') && !answer.text.endsWith('\n')) process.stdout.write('\n')
  }
  return answer
}

/** What the answer cost, in a line. */
export function statsOf({ language, texts }: CommandContext, { end, firstMs, totalMs }: Answer): string {
  if (!end) return ''
  const { usage, timings } = end
  const rate = (tokens: number, ms: number) => (ms > 0 ? formatNumber(language, (tokens * 1000) / ms, 1) : '-')
  return fill(texts.run.stats, {
    promptTokens: formatNumber(language, usage.promptTokens),
    cachedTokens: formatNumber(language, usage.cachedTokens),
    promptRate: rate(usage.promptTokens - usage.cachedTokens, timings.promptMs),
    answerTokens: formatNumber(language, usage.answerTokens),
    answerRate: rate(usage.answerTokens - 1, timings.answerMs),
    firstMs: formatNumber(language, firstMs ?? 0),
    totalMs: formatNumber(language, totalMs),
  })
}
