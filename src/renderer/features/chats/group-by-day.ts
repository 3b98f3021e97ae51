import type { Chat } from '../../../shared/contract/chats.ts'

export interface ChatGroup {
  /** `today`, `yesterday`, `week` (the last seven days), or the first moment of an earlier month. */
  when: 'today' | 'yesterday' | 'week' | Date
  chats: Chat[]
}

const dayStart = (date: Date, daysBack = 0) =>
  new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysBack).getTime()

/** Splits chats, which come newest first, by the local day of their last change. */
export function groupByDay(chats: Chat[], now: Date): ChatGroup[] {
  const groups: ChatGroup[] = []
  for (const chat of chats) {
    const when = whenOf(chat.updatedAt, now)
    const last = groups.at(-1)
    if (last && String(last.when) === String(when)) last.chats.push(chat)
    else groups.push({ when, chats: [chat] })
  }
  return groups
}

function whenOf(timeMs: number, now: Date): ChatGroup['when'] {
  if (timeMs >= dayStart(now)) return 'today'
  if (timeMs >= dayStart(now, 1)) return 'yesterday'
  if (timeMs >= dayStart(now, 7)) return 'week'
  const date = new Date(timeMs)
  return new Date(date.getFullYear(), date.getMonth())
}
