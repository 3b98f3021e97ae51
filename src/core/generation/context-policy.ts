/**
 * Which turns are left out when a prompt no longer fits. A turn is a message of the person and the answers
 * that follow it. Turns go in blocks of up to half the context, so that after a cut many turns find their
 * prompt in the cache again, and a cut stays where it is as long as the prompt fits.
 */
import type { ContextPolicy, Message } from '../../shared/contract/chats.ts'

export type CuttingPolicy = Exclude<ContextPolicy, 'stop'>

/** From one index up to and including another. */
export interface PathRange {
  from: number
  to: number
}

/** Without a limit of its own an answer is left this share of the context, at most so many tokens. */
const defaultReserveShare = 1 / 8
const mostDefaultReserveTokens = 1024
/** A longer limit for the answer must not leave no room for the question. */
const mostReserveShare = 1 / 2

/** Tokens of the context that are kept free for the answer. */
export function reservedTokens(contextSize: number, maxTokens: number | null): number {
  const wished = maxTokens ?? Math.min(mostDefaultReserveTokens, contextSize * defaultReserveShare)
  return Math.floor(Math.min(wished, contextSize * mostReserveShare))
}

/** Room for a summary in a context of that size. */
export function summaryTokens(contextSize: number): number {
  return Math.floor(Math.min(512, contextSize / 8))
}

/** As indexes of the path. The last one is being answered. */
export function turnsOf(path: readonly Pick<Message, 'role'>[]): PathRange[] {
  const turns: PathRange[] = []
  for (const [index, { role }] of path.entries()) {
    const last = turns.at(-1)
    if (role === 'user' || !last) turns.push({ from: index, to: index })
    else last.to = index
  }
  return turns
}

export interface CutRequest {
  policy: CuttingPolicy
  /** Of each turn in the order of the path; of those already cut, any number. */
  turnTokens: readonly number[]
  /** Turns that are left out already; null = none. */
  cut: PathRange | null
  /** Of the prompt with that cut. */
  promptTokens: number
  /** Tokens that the prompt may have. */
  limit: number
  contextSize: number
}

/**
 * The turns to leave out: as many more as it needs to fit, and on top of that what stays under half the
 * context. The last turn always stays. `drop-middle` keeps the first turn unless it does not fit beside the
 * last. Returns `cut` where nothing more can be left out.
 */
export function extendCut({ policy, turnTokens, cut, promptTokens, limit, contextSize }: CutRequest): PathRange | null {
  const lastDroppable = turnTokens.length - 2
  const from = cut?.from ?? (policy === 'drop-middle' ? 1 : 0)
  let to = cut?.to ?? from - 1
  let freed = 0
  while (to < lastDroppable) {
    const next = turnTokens[to + 1]!
    const fits = promptTokens - freed <= limit
    if (fits && freed + next > contextSize / 2) break
    freed += next
    to++
  }
  if (from > 0 && lastDroppable >= 0 && promptTokens - freed > limit) return { from: 0, to: Math.max(to, 0) }
  return to < from ? cut : { from, to }
}
