import { useEffect, useState } from 'react'
import { client } from '../../lib/client.ts'

const restMs = 400

/** Tokens of a text as the chat's model cuts it, a moment after the last change; null where no model is loaded to count. */
export function useTokenCount(chatId: string | null, text: string): number | null {
  const [count, setCount] = useState<{ text: string; tokens: number | null } | null>(null)
  useEffect(() => {
    if (chatId === null) return
    const leaving = new AbortController()
    const { signal } = leaving
    const timer = setTimeout(() => {
      void client.generation
        .countText({ chatId, text }, { signal })
        .catch(() => null)
        .then((tokens) => signal.aborted || setCount({ text, tokens }))
    }, restMs)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [chatId, text])
  return count?.text === text ? count.tokens : null
}
