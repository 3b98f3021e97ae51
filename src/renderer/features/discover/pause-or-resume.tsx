import { Pause, Play, RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Download } from '../../../shared/contract/downloads.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { pauseDownload, resumeDownload } from './downloads-store.ts'

/** The button that stops it for now, or lets it go on. */
export function PauseOrResume({ download: { id, state } }: { download: Download }) {
  const { t } = useTranslation()
  if (state === 'queued' || state === 'downloading') {
    return <IconButton label={t('downloads.pause')} icon={Pause} onClick={() => void pauseDownload(id)} />
  }
  if (state === 'paused') {
    return <IconButton label={t('downloads.resume')} icon={Play} onClick={() => void resumeDownload(id)} />
  }
  if (state === 'failed' || state === 'waiting') {
    const label = t(state === 'failed' ? 'downloads.retry' : 'downloads.retryNow')
    return <IconButton label={label} icon={RotateCw} onClick={() => void resumeDownload(id)} />
  }
  return null
}
