/** Makes the prompt of a plan fit its model's context, as the chat's context policy says. */
import type { ContextCut } from '../../shared/contract/chats.ts'
import type { Runtime } from '../../shared/contract/models.ts'
import type { CountedPrompt, GenerateRequest } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { AnswerPlan } from './answer-plan.ts'
import { extendCut, reservedTokens, summaryTokens, turnsOf, type PathRange } from './context-policy.ts'
import { buildPrompt, type BuiltPrompt, type PathMessage, type ReadAttachment } from './prompt.ts'

/** A prompt that fitted the model as it was loaded then. */
export interface FittedPrompt {
  runtime: Runtime
  built: BuiltPrompt
  counted: CountedPrompt
  /** What was left out of the plan's path; null = nothing. */
  cut: PathRange | null
  /** It is another one than that of the answer before. */
  isNewCut: boolean
  reservedTokens: number
  /** Not even the policy could make it fit. */
  isTooLong: boolean
}

export interface FitOptions {
  /** Of the loaded model. */
  runtime: Runtime
  /** null = the model is not loaded any more. */
  count: (prompt: GenerateRequest['prompt']) => Promise<CountedPrompt | null>
  readAttachment: ReadAttachment
}

/** No text has more characters in a token on average: of a very long chat, what is beyond needs no counting. */
const mostCharactersPerToken = 16
/** UTF-8 has no longer ones. */
const mostBytesPerCharacter = 4

/**
 * The cut of the answer before stays as it is while the prompt fits with it, so that the prompt only grows
 * and is found in the cache. null where the model is not loaded. Rejects with TEMPLATE_FAILED, NOT_FOUND.
 */
export async function fitPrompt(plan: AnswerPlan, options: FitOptions): Promise<FittedPrompt | null> {
  const { count, readAttachment, runtime } = options
  const turns = turnsOf(plan.path)
  const earlier = earlierCut(plan, runtime.contextSize)
  let cut = earlier ?? roughCut(plan, turns, runtime.contextSize)
  for (;;) {
    const built = await buildPlan(plan, cut, readAttachment)
    const counted = await count(built.prompt)
    if (!counted) return null
    const { promptTokens, contextSize } = counted
    const reserved = reservedTokens(contextSize, plan.sampling.maxTokens)
    const limit = contextSize - reserved
    const isNewCut = cut !== null && cut !== earlier
    const isTooLong = promptTokens >= contextSize
    const fitted = { runtime, built, counted, cut, isNewCut, reservedTokens: reserved, isTooLong }
    if (promptTokens <= limit || plan.chat.mode === 'completion') return fitted
    if (plan.policy === 'stop') return { ...fitted, isTooLong: true }
    const next = extendCut({
      policy: plan.policy,
      turnTokens: tokensByTurn(turns, fitted),
      cut: cut && turnRange(turns, cut),
      promptTokens,
      limit: plan.policy === 'summarise' ? limit - summaryTokens(contextSize) : limit,
      contextSize,
    })
    const nextCut = next && pathRange(turns, next)
    if (nextCut === null || (nextCut.from === cut?.from && nextCut.to === cut.to)) return fitted
    cut = nextCut
  }
}

/** The prompt with a cut; with the summary that its last message carries, where the policy wants one. */
export function buildPlan(
  plan: AnswerPlan,
  cut: PathRange | null,
  readAttachment: ReadAttachment,
): Promise<BuiltPrompt> {
  const { chat, systemPrompt, path, answerStart } = plan
  const summary = plan.policy === 'summarise' && cut ? (path[cut.to]!.summary?.text ?? '') : ''
  return buildPrompt({ mode: chat.mode, systemPrompt, path, cut, summary, answerStart }, readAttachment)
}

export function promptTooLong({ counted: { promptTokens, contextSize }, reservedTokens }: FittedPrompt): AppFailure {
  const reserve = promptTokens < contextSize ? { reservedTokens } : {}
  return new AppFailure('PROMPT_TOO_LONG', { promptTokens, contextSize, ...reserve })
}

export function contextCut({ policy, path }: AnswerPlan, { cut, built }: FittedPrompt): ContextCut | null {
  if (!cut || policy === 'stop') return null
  return {
    policy,
    fromMessageId: path[cut.from]!.id!,
    toMessageId: path[cut.to]!.id!,
    messageCount: cut.to - cut.from + 1,
    hasSummary: built.summaryText !== '',
  }
}

/** Where a cut lies in a path that may be another one than it was made for; null if it is not there. */
export function cutRange(path: readonly PathMessage[], cut: ContextCut | null): PathRange | null {
  if (!cut) return null
  const from = path.findIndex(({ id }) => id === cut.fromMessageId)
  const to = path.findIndex(({ id }) => id === cut.toMessageId)
  return from >= 0 && to >= from ? { from, to } : null
}

/** The cut of the nearest answer above with a run card, if it was made by the same policy for no smaller context. */
function earlierCut({ path, policy }: AnswerPlan, contextSize: number): PathRange | null {
  const card = path.findLast(({ runCard }) => runCard !== null)?.runCard
  return card?.cut?.policy === policy && card.contextSize >= contextSize ? cutRange(path, card.cut) : null
}

/** Leaves out what cannot fit whatever its tokens are. */
function roughCut({ path, policy }: AnswerPlan, turns: readonly PathRange[], contextSize: number): PathRange | null {
  if (policy === 'stop') return null
  const turnTokens = turns.map(({ from, to }) =>
    path.slice(from, to + 1).reduce((sum, message) => sum + characterCount(message) / mostCharactersPerToken, 0),
  )
  const promptTokens = turnTokens.reduce((sum, tokens) => sum + tokens, 0)
  if (promptTokens <= contextSize) return null
  const cut = extendCut({ policy, turnTokens, cut: null, promptTokens, limit: contextSize, contextSize: 0 })
  return cut && pathRange(turns, cut)
}

function characterCount({ text, attachments }: PathMessage): number {
  return attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes / mostBytesPerCharacter, text.length)
}

function pathRange(turns: readonly PathRange[], cut: PathRange): PathRange {
  return { from: turns[cut.from]!.from, to: turns[cut.to]!.to }
}

function turnRange(turns: readonly PathRange[], cut: PathRange): PathRange {
  return {
    from: turns.findIndex(({ to }) => to >= cut.from),
    to: turns.findLastIndex(({ from }) => from <= cut.to),
  }
}

/** What the template writes behind a message counts for its turn. */
function tokensByTurn(turns: readonly PathRange[], { built, counted }: FittedPrompt): number[] {
  const tokens = turns.map(() => 0)
  let turn = -1
  for (const { messageIndex, tokenCount } of counted.segments) {
    const source = messageIndex === null ? undefined : built.sources[messageIndex]?.[0]
    if (source !== undefined) turn = turns.findIndex(({ to }) => to >= source)
    if (turn >= 0) tokens[turn]! += tokenCount
  }
  return tokens
}
