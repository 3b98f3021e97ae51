import { useEffect, useState } from 'react'
import type { Attachment } from '../../../shared/contract/attachments.ts'
import { client } from '../../lib/client.ts'

/** Counted once for a model and a text, whichever chat it is in. */
const counted = new Map<string, number>()

/** Tokens of each attachment alone, by its id; those that nobody has counted are missing. */
export function useAttachmentTokens(
  chatId: string | null,
  attachments: readonly Attachment[],
  /** The model that counts; null while it is not loaded. */
  loadedModelId: string | null,
): ReadonlyMap<string, number> {
  const [, setCounts] = useState(0)
  const ids = attachments.map(({ id }) => id).join(' ')
  useEffect(() => {
    if (chatId === null || loadedModelId === null || ids === '') return
    const leaving = new AbortController()
    const { signal } = leaving
    const countAll = async () => {
      for (const id of ids.split(' ')) {
        const key = `${loadedModelId} ${id}`
        if (counted.has(key)) continue
        const text = await client.attachments.read({ attachmentId: id }, { signal })
        const tokens = await client.generation.countText({ chatId, text }, { signal })
        if (tokens === null) return
        counted.set(key, tokens)
        if (!signal.aborted) setCounts((count) => count + 1)
      }
    }
    // Without the number, the size is still shown; sending says what is wrong.
    countAll().catch(() => {})
    return () => leaving.abort()
  }, [chatId, ids, loadedModelId])
  const entries = attachments.flatMap(({ id }): [string, number][] => {
    const tokens = counted.get(`${loadedModelId} ${id}`)
    return tokens === undefined ? [] : [[id, tokens]]
  })
  return new Map(entries)
}
