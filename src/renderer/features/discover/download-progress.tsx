import { CircleCheck, CirclePause, Clock, Download as Arrow, ShieldCheck, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Download } from '../../../shared/contract/downloads.ts'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { formatDuration, formatPercent, formatRate, formatSize } from '../../lib/i18n/format.ts'
import { FailureText } from './failure-text.tsx'

const icons = {
  queued: [Clock, 'text-secondary'],
  downloading: [Arrow, 'text-accent'],
  waiting: [Clock, 'text-warning'],
  verifying: [ShieldCheck, 'text-accent'],
  paused: [CirclePause, 'text-secondary'],
  complete: [CircleCheck, 'text-success'],
  failed: [TriangleAlert, 'text-danger'],
} as const

export function fractionOf({ receivedBytes, sizeBytes }: Download): number {
  return sizeBytes > 0 ? Math.min(1, receivedBytes / sizeBytes) : 0
}

/** Where it stands, as a sign and a word; while bytes come, how far it is. */
export function DownloadWord({ download }: { download: Download }) {
  const { t } = useTranslation()
  const [Icon, colour] = icons[download.state]
  const isMoving = download.state === 'downloading' || download.state === 'paused'
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon aria-hidden className={`size-4 shrink-0 ${colour}`} strokeWidth={1.75} />
      {t(`downloads.state.${download.state}`)}
      {isMoving && <span className="text-secondary">{formatPercent(fractionOf(download))}</span>}
    </span>
  )
}

interface DownloadProgressProps {
  download: Download
  /** Its place in the queue, from 1; null unless it waits there. */
  place?: number | null
}

/** The bar, and under it how much has come, how fast, and how long it takes; or why it does not go on. */
export function DownloadProgress({ download, place = null }: DownloadProgressProps) {
  const { t } = useTranslation()
  const { state, receivedBytes, sizeBytes, bytesPerSecond, secondsLeft, failure } = download
  const isDownloading = state === 'downloading'
  const words = [
    state === 'complete'
      ? formatSize(sizeBytes)
      : t('downloads.of', { received: formatSize(receivedBytes), total: formatSize(sizeBytes) }),
    isDownloading && bytesPerSecond !== null && formatRate(bytesPerSecond),
    isDownloading && secondsLeft !== null && t('downloads.left', { time: formatDuration(secondsLeft) }),
    state === 'queued' && place !== null && t('downloads.place', { count: place }),
  ]
  return (
    <div className="flex flex-col gap-1">
      {state !== 'complete' && (
        <ProgressBar label={t('downloads.progressOf', { name: download.name })} fraction={fractionOf(download)} />
      )}
      <p className="flex flex-wrap items-center gap-x-3 text-small text-secondary">
        <span>{words.filter(Boolean).join(' · ')}</span>
        {state === 'waiting' && download.retryAt !== null && <RetryIn key={download.retryAt} at={download.retryAt} />}
      </p>
      {failure && (
        <p role={state === 'waiting' ? undefined : 'alert'} className="text-small break-words" data-selectable>
          <FailureText failure={failure} />
        </p>
      )}
    </div>
  )
}

function RetryIn({ at }: { at: number }) {
  const { t } = useTranslation()
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return at > now && <span>{t('downloads.retryIn', { time: formatDuration((at - now) / 1000) })}</span>
}
