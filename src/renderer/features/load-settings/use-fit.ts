import { useEffect, useState } from 'react'
import type { Fit, Machine } from '../../../shared/contract/fit.ts'
import type { LoadOverrides } from '../../../shared/contract/load-settings.ts'
import { client } from '../../lib/client.ts'

const restMs = 250

/** What the model would take with these settings; null until it is estimated. Asked a moment after the last change. */
export function useFit(modelId: string, settings: LoadOverrides): { fit: Fit; machine: Machine } | null {
  const [known, setKnown] = useState<{ fit: Fit; machine: Machine } | null>(null)
  const asked = JSON.stringify(settings)
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    const timer = setTimeout(() => {
      const targets = [{ type: 'model' as const, modelId }]
      Promise.all([
        client.fit.estimate({ targets, settings: JSON.parse(asked) as LoadOverrides }, { signal }),
        client.fit.machine(undefined, { signal }),
      ])
        .then(([[fit], machine]) => fit && !signal.aborted && setKnown({ fit, machine }))
        // An estimate is help, not a condition: without it, loading still says what is missing.
        .catch(() => {})
    }, restMs)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [modelId, asked])
  return known
}
