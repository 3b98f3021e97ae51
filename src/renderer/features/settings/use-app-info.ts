import { useEffect, useState } from 'react'
import type { AppInfo } from '../../../shared/contract/app.ts'
import { client } from '../../lib/client.ts'
import { showFailure } from '../../lib/show-failure.ts'

/** What the host says of itself and the machine; null until it has. */
export function useAppInfo(): AppInfo | null {
  const [info, setInfo] = useState<AppInfo | null>(null)
  useEffect(() => {
    client.app.info().then(setInfo, showFailure)
  }, [])
  return info
}
