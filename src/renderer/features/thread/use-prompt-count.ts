import { useEffect, useState } from 'react'
import { client } from '../../lib/client.ts'

export interface PromptCount {
  promptTokens: number
  contextSize: number
}

interface Question {
  chatId: string | null
  parentId: string | null
  text: string
  /** Changes with whatever else the count depends on; null while there is no engine free to count. */
  basis: string | null
}

const restMs = 300

/** Tokens the prompt would have with this text; null while nobody can count. Counted a moment after the last change. */
export function usePromptCount({ chatId, parentId, text, basis }: Question): PromptCount | null {
  const [count, setCount] = useState<PromptCount | null>(null)
  useEffect(() => {
    if (chatId === null || basis === null) return
    const leaving = new AbortController()
    const { signal } = leaving
    const timer = setTimeout(() => {
      void client.generation
        .countPrompt({ chatId, parentId, text }, { signal })
        // Where counting fails, sending will say why.
        .catch(() => null)
        .then((counted) => !signal.aborted && setCount(counted))
    }, restMs)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [chatId, parentId, text, basis])
  return basis === null ? null : count
}
