import { expect, test } from 'vitest'
import type { Chat } from '../../../shared/contract/chats.ts'
import { groupByDay } from './group-by-day.ts'

const chatAt = (...date: [number, number, number, number, number]) =>
  ({ id: date.join('-'), updatedAt: new Date(...date).getTime() }) as Chat

// Counting 24 hours back would put yesterday evening under "today".
test('days are those of the calendar here, not 24 hours', () => {
  const now = new Date(2026, 10, 21, 9, 0)
  const groups = groupByDay(
    [
      chatAt(2026, 10, 21, 0, 0),
      chatAt(2026, 10, 20, 23, 59),
      chatAt(2026, 10, 19, 12, 0),
      chatAt(2026, 10, 14, 0, 0),
      chatAt(2026, 10, 13, 23, 59),
      chatAt(2026, 10, 1, 8, 0),
      chatAt(2025, 10, 30, 8, 0),
    ],
    now,
  )
  expect(groups.map(({ when, chats }) => [when, chats.length])).toEqual([
    ['today', 1],
    ['yesterday', 1],
    ['week', 2],
    [new Date(2026, 10), 2],
    [new Date(2025, 10), 1],
  ])
})
