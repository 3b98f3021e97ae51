import { useEffect, useState } from 'react'
import type { Fit } from '../../../shared/contract/fit.ts'
import type { Model } from '../../../shared/contract/models.ts'
import { client } from '../../lib/client.ts'

/** How each of the listed models fits this machine, by id; those not estimated yet are missing. */
export function usePickerFits(listed: readonly Model[]): ReadonlyMap<string, Fit> {
  const [fits, setFits] = useState<ReadonlyMap<string, Fit>>(new Map())
  const missing = listed.filter(({ id }) => !fits.has(id)).map(({ id }) => id)
  const asked = missing.join(' ')
  useEffect(() => {
    if (asked === '') return
    const leaving = new AbortController()
    const modelIds = asked.split(' ')
    client.fit
      .estimate({ targets: modelIds.map((modelId) => ({ type: 'model', modelId })) }, { signal: leaving.signal })
      .then((found) => {
        if (leaving.signal.aborted) return
        setFits((fits) => new Map([...fits, ...found.map((fit, index) => [modelIds[index]!, fit] as const)]))
      })
      // The list is of use without them.
      .catch(() => {})
    return () => leaving.abort()
  }, [asked])
  return fits
}
