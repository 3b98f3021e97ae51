/** How long models thought in the answers that were watched from their first word on; others have no time. */
import { create } from 'zustand'

const useTimes = create<ReadonlyMap<string, number>>(() => new Map())

/** Milliseconds; null when it was not measured. */
export function useThoughtTime(messageId: string): number | null {
  return useTimes((times) => times.get(messageId) ?? null)
}

export function setThoughtTime(messageId: string, timeMs: number): void {
  useTimes.setState((times) => new Map(times).set(messageId, timeMs), true)
}
