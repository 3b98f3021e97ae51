import type { Chat } from '../../../shared/contract/chats.ts'

export interface ChatGroup {
  /** `today`, `yesterday`, `week` (the last seven days), or the first moment of an earlier month. */
  when: 'today' | 'yesterday' | 'week' | Date
  chats: Chat[]
}

const dayStart = (date: Date, daysBack = 0) =>
  new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysBack).getTime()

/** Splits chats, which come newest first, by the local day of their last change. */
export function groupByDay(chats: readonly Chat[], now: Date): ChatGroup[] {
  const groups: ChatGroup[] = []
  let startMs = Infinity
  for (const chat of chats) {
    if (chat.updatedAt < startMs) {
      const span = spanOf(chat.updatedAt, now)
      startMs = span.startMs
      groups.push({ when: span.when, chats: [] })
    }
    groups.at(-1)!.chats.push(chat)
  }
  return groups
}

/** The group that a time belongs to, and the first moment of it. */
function spanOf(timeMs: number, now: Date): { when: ChatGroup['when']; startMs: number } {
  const recent = { today: dayStart(now), yesterday: dayStart(now, 1), week: dayStart(now, 7) }
  for (const when of ['today', 'yesterday', 'week'] as const) {
    if (timeMs >= recent[when]) return { when, startMs: recent[when] }
  }
  const date = new Date(timeMs)
  const month = new Date(date.getFullYear(), date.getMonth())
  return { when: month, startMs: month.getTime() }
}
