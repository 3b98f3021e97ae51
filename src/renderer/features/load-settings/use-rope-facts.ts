import { useEffect, useState } from 'react'
import type { Model } from '../../../shared/contract/models.ts'
import { ropeFacts } from '../../../shared/lib/rope.ts'
import type { RopeFacts } from '../../../shared/lib/rope.ts'
import { client } from '../../lib/client.ts'

/** What the file says of its positions; null until it was read, and while nobody `asks`. */
export function useRopeFacts({ id, architecture }: Model, asks: boolean): RopeFacts | null {
  const [facts, setFacts] = useState<RopeFacts | null>(null)
  useEffect(() => {
    if (!asks) return
    const leaving = new AbortController()
    client.models
      .details({ modelId: id }, { signal: leaving.signal })
      .then(({ metadata }) => {
        const values = new Map(metadata.map(({ key, value }) => [key, value]))
        const read = (key: string) => {
          const value = values.get(`${architecture}.${key}`)
          return value === undefined || value.trim() === '' || Number.isNaN(Number(value)) ? value : Number(value)
        }
        if (!leaving.signal.aborted) setFacts(ropeFacts(read))
      })
      // Then the numbers are shown when the model was loaded with them.
      .catch(() => {})
    return () => leaving.abort()
  }, [id, architecture, asks])
  return facts
}
