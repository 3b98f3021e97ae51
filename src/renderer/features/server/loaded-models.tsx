import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoadState } from '../../../shared/contract/models.ts'
import { Button } from '../../components/button.tsx'
import { formatDuration, formatSize } from '../../lib/i18n/format.ts'
import { unloadModel, useModels } from '../../lib/models-store.ts'
import { useServer } from './server-store.ts'

type Ready = Extract<LoadState, { state: 'ready' }>

/** What is in memory, by its name for programs, and how long it stays. */
export function LoadedModels() {
  const { t } = useTranslation()
  const loads = useModels((state) => state.loads)
  const models = useModels((state) => state.models)
  const names = useServer((state) => state.models)
  const now = useNow()
  const ready = Object.entries(loads).filter((entry): entry is [string, Ready] => entry[1].state === 'ready')
  const nameOf = (id: string) => names.find(({ loadId }) => loadId === id)?.name ?? models?.get(id)?.name ?? id
  const staysText = ({ unloadsAt }: Ready) =>
    unloadsAt === null ? t('server.stays') : t('server.leavesIn', { time: formatDuration((unloadsAt - now) / 1000) })
  return (
    <section>
      <h2 className="pb-1 font-semibold">{t('server.loaded')}</h2>
      <ul className="divide-y divide-line border-y border-line">
        {ready.length === 0 && <li className="py-2.5 text-secondary">{t('server.noneLoaded')}</li>}
        {ready.map(([modelId, load]) => (
          <li key={modelId} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <div className="min-w-40 flex-1">
              <div className="font-mono break-all" data-selectable>
                {nameOf(modelId)}
              </div>
              <p className="text-small text-secondary">
                {t(`server.loadedBy.${load.loadedBy}`)} · {staysText(load)} ·{' '}
                {t('server.slots', { count: load.runtime.slots })} · {formatSize(load.runtime.memoryBytes)}
              </p>
            </div>
            <Button onClick={() => void unloadModel(modelId)}>{t('models.unload')}</Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

const tickMs = 10_000

/** ms since 1970, every ten seconds anew. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  return now
}
