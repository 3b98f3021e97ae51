import { Download as Arrow, Play, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogEntry, CatalogFile } from '../../../shared/contract/catalog.ts'
import type { Download } from '../../../shared/contract/downloads.ts'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import { formatNumber, formatSize } from '../../lib/i18n/format.ts'
import { useModels } from '../../lib/models-store.ts'
import { updateSettings, useSettings } from '../../lib/settings-store.ts'
import { identityOf, loadCatalog, useCatalog } from './catalog-store.ts'
import { openEntry } from './discover-store.ts'
import { DownloadProgress } from './download-progress.tsx'
import { useDownloads } from './downloads-store.ts'
import { FailureNotice } from './failure-notice.tsx'
import { findDownload, findModel } from './file-identity.ts'
import { PauseOrResume } from './pause-or-resume.tsx'
import { useSourceName } from './use-source-name.ts'

interface FirstModelCardProps {
  /** Loads the model that has arrived and begins to chat with it. */
  onLoad: (modelId: string) => void
  /** Goes to Discover, where the page of the suggested model is open. */
  onDiscover: () => void
}

interface Suggestion {
  entryId: string
  fileName: string
  expectedTokensPerSecond: number | null
}

/**
 * For someone who has only the demo model: one real model that fits this machine. Nothing is shown
 * where none fits, where there is a model already, or after it was closed.
 */
export function FirstModelCard({ onLoad, onDiscover }: FirstModelCardProps) {
  const isClosed = useSettings(({ settings }) => settings?.suggestionClosed ?? true)
  const hasOther = useModels(
    ({ models }) => !models || [...models.values()].some(({ source, type }) => source !== 'bundled' && type === 'model'),
  )
  const isModelReady = useModels(({ loads }) => Object.values(loads).some(({ state }) => state === 'ready'))
  const suggestion = useSuggestion(!isClosed && isModelReady && !hasOther)
  const entry = useCatalog(({ entries }) => entries?.find(({ id }) => id === suggestion?.entryId))
  const file = entry?.files.find(({ name }) => name === suggestion?.fileName)
  const isStarted = useDownloads(({ downloads }) => !!entry && !!file && findDownload(downloads, identityOf(entry, file)) !== null)
  if (isClosed || !suggestion || !entry || !file || (hasOther && !isStarted)) return null
  return (
    <Card
      entry={entry}
      file={file}
      expectedTokensPerSecond={suggestion.expectedTokensPerSecond}
      onLoad={onLoad}
      onDiscover={onDiscover}
    />
  )
}

/** Finding it out keeps the processor busy for a second, which the first answer needs more. */
const patienceMs = 1500

/** Asked for once; a suggestion that cannot be had is none. */
function useSuggestion(wanted: boolean): Suggestion | null {
  const [suggestion, setSuggestion] = useState<Suggestion | null>(null)
  useEffect(() => {
    if (!wanted) return
    const timer = setTimeout(() => {
      void loadCatalog()
      client.catalog
        .suggestion()
        .then(setSuggestion)
        .catch(() => {})
    }, patienceMs)
    return () => clearTimeout(timer)
  }, [wanted])
  return suggestion
}

/** Where it comes from, or would come from as far as that is known before: no source was tried yet. */
function useOrigin(entry: CatalogEntry, download: Download | null): string {
  const sourceName = useSourceName()
  const hubSource = useSettings(({ settings }) => settings?.hubSource ?? 'automatic')
  const { huggingFace, modelScope } = entry.repositories.gguf
  if (download) return `${sourceName(download.sourceId)} · ${download.repository}`
  if (hubSource === 'automatic') return (huggingFace ?? modelScope)!
  return `${sourceName(hubSource)} · ${hubSource === 'modelscope' ? (modelScope ?? huggingFace) : huggingFace}`
}

interface CardProps extends FirstModelCardProps {
  entry: CatalogEntry
  file: CatalogFile
  expectedTokensPerSecond: number | null
}

function Card({ entry, file, expectedTokensPerSecond: speed, onLoad, onDiscover }: CardProps) {
  const { t, i18n } = useTranslation()
  const download = useDownloads(({ downloads }) => findDownload(downloads, identityOf(entry, file)))
  const model = useModels(({ models }) => findModel(models, identityOf(entry, file), download))
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [isStarting, setStarting] = useState(false)

  async function start() {
    setStarting(true)
    setFailure(null)
    await client.downloads
      .startFromCatalog({ entryId: entry.id, fileName: file.name })
      .catch((error: unknown) => setFailure(failureOf(error)))
    setStarting(false)
  }
  const close = () => void updateSettings({ suggestionClosed: true })

  const source = useOrigin(entry, download)
  const facts = [
    file.quantization,
    t('discover.first.facts', { size: formatSize(file.sizeBytes), source }),
    speed !== null && t('discover.expectedSpeed', { speed: formatNumber(speed, speed < 10 ? 1 : 0) }),
  ]
  // One that is complete and of no use says why; one whose model was deleted since can be had again.
  const isUnderWay = !model && download !== null && (download.state !== 'complete' || download.failure !== null)
  return (
    <section
      aria-label={t('discover.first.title')}
      className="flex flex-col gap-3 rounded-surface border border-line bg-raised px-4 pt-3 pb-4"
    >
      <div className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 pt-1 text-small text-secondary">{t('discover.first.title')}</h2>
        <IconButton label={t('common.close')} icon={X} className="-me-2" onClick={close} />
      </div>
      <div className="-mt-2 flex flex-col gap-1" data-selectable>
        <h3 className="text-reading font-semibold wrap-anywhere">{entry.name}</h3>
        <p>{entry.description[i18n.language === 'zh' ? 'zh' : 'en']}</p>
        <p className="text-small text-secondary wrap-anywhere">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {isUnderWay && (
        <div className="flex items-start gap-3">
          <div className="min-w-0 flex-1">
            <DownloadProgress download={download} />
          </div>
          <PauseOrResume download={download} />
        </div>
      )}
      {failure && <FailureNotice failure={failure} onRetry={() => void start()} />}
      {model ? (
        <div className="flex flex-wrap items-center gap-3">
          <Button
            look="primary"
            onClick={() => {
              close()
              onLoad(model.id)
            }}
          >
            <Play aria-hidden className="size-4" strokeWidth={1.75} />
            {t('downloads.load')}
          </Button>
          <p role="status">{t('discover.first.ready')}</p>
        </div>
      ) : (
        !isUnderWay && (
          <div className="flex flex-wrap items-center gap-2">
            <Button look="primary" disabled={isStarting} onClick={() => void start()}>
              <Arrow aria-hidden className="size-4" strokeWidth={1.75} />
              {t('discover.download', { size: formatSize(file.sizeBytes) })}
            </Button>
            <Button
              look="quiet"
              onClick={() => {
                openEntry(entry.id)
                onDiscover()
              }}
            >
              {t('discover.first.more')}
            </Button>
          </div>
        )
      )}
    </section>
  )
}
