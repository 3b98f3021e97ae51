import { ListX, Play, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Download } from '../../../shared/contract/downloads.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { formatSize } from '../../lib/i18n/format.ts'
import { useModels } from '../../lib/models-store.ts'
import { DownloadProgress, DownloadWord } from './download-progress.tsx'
import { removeDownload, useDownloads } from './downloads-store.ts'
import { PauseOrResume } from './pause-or-resume.tsx'
import { useSourceName } from './use-source-name.ts'

interface DownloadsPageProps {
  /** Loads a model that has arrived and goes to the chat with it. */
  onLoad: (modelId: string) => void
  /** Goes to where models are found. */
  onDiscover: () => void
}

/** Everything that is fetched or was, in the order of the queue. */
export default function DownloadsPage({ onLoad, onDiscover }: DownloadsPageProps) {
  const { t } = useTranslation()
  const downloads = useDownloads((state) => state.downloads)
  const [asked, setAsked] = useState<Download | null>(null)
  if (!downloads) return null
  if (downloads.size === 0) {
    return (
      <main className="m-auto flex flex-col items-center gap-4 px-6 py-8 text-center">
        <p className="text-secondary">{t('downloads.empty')}</p>
        <Button look="primary" onClick={onDiscover}>
          {t('downloads.findModel')}
        </Button>
      </main>
    )
  }
  const queued = [...downloads.values()].filter(({ state }) => state === 'queued')

  function remove(download: Download) {
    const losesBytes = download.state !== 'complete' && download.receivedBytes > 0
    if (losesBytes) setAsked(download)
    else void removeDownload(download.id)
  }
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <ul aria-label={t('downloads.downloads')} className="mx-auto max-w-200 divide-y divide-line px-6 py-3">
        {[...downloads.values()].map((download) => (
          <DownloadRow
            key={download.id}
            download={download}
            place={queued.indexOf(download) + 1 || null}
            onLoad={onLoad}
            onRemove={() => remove(download)}
          />
        ))}
      </ul>
      {asked && (
        <Dialog
          open
          onClose={() => setAsked(null)}
          title={t('downloads.removeTitle')}
          footer={
            <>
              <Button onClick={() => setAsked(null)}>{t('downloads.keep')}</Button>
              <Button
                onClick={() => {
                  setAsked(null)
                  void removeDownload(asked.id)
                }}
              >
                <Trash2 aria-hidden className="size-4 text-danger" strokeWidth={1.75} />
                {t('downloads.removeConfirm')}
              </Button>
            </>
          }
        >
          <p className="break-words">
            {t('downloads.removeText', { name: `${asked.repository}/${asked.name}`, received: formatSize(asked.receivedBytes) })}
          </p>
        </Dialog>
      )}
    </main>
  )
}

interface DownloadRowProps {
  download: Download
  place: number | null
  onLoad: (modelId: string) => void
  onRemove: () => void
}

function DownloadRow({ download, place, onLoad, onRemove }: DownloadRowProps) {
  const { t } = useTranslation()
  const sourceName = useSourceName()
  const { modelId, state, files } = download
  const isHere = useModels(({ models }) => modelId !== null && models?.get(modelId)?.isPresent === true)
  const isComplete = state === 'complete'
  const facts = [
    `${download.repository}/${download.name}`,
    t('downloads.from', { source: sourceName(download.sourceId) }),
    files.length > 1 && t('downloads.parts', { shown: files.length }),
  ]
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
      <div className="min-w-60 flex-1">
        <div className="flex flex-wrap items-center justify-between gap-x-4">
          <h2 className="min-w-0 font-semibold wrap-anywhere" title={download.directory}>
            {download.repository.split('/').at(-1)}
            {download.quantization && ` · ${download.quantization}`}
          </h2>
          <span>
            <DownloadWord download={download} />
          </span>
        </div>
        <p className="pb-1.5 text-small text-secondary wrap-anywhere">{facts.filter(Boolean).join(' · ')}</p>
        <DownloadProgress download={download} place={place} />
        {isComplete && modelId !== null && !isHere && (
          <p className="text-small text-secondary">{t('downloads.gone')}</p>
        )}
      </div>
      <div className="flex min-w-15 items-center justify-end gap-1">
        {isComplete && isHere && modelId !== null && (
          <Button onClick={() => onLoad(modelId)}>
            <Play aria-hidden className="size-4" strokeWidth={1.75} />
            {t('downloads.load')}
          </Button>
        )}
        <PauseOrResume download={download} />
        <IconButton
          label={t(isComplete ? 'downloads.removeFromList' : 'downloads.remove')}
          icon={isComplete ? ListX : X}
          onClick={onRemove}
        />
      </div>
    </li>
  )
}
