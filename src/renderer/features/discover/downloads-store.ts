/** The downloads as the host has them, in the order of the queue, and the actions on them. */
import { create } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Download, DownloadEvent } from '../../../shared/contract/downloads.ts'
import { client } from '../../lib/client.ts'
import { follow } from '../../lib/follow.ts'
import { showFailure } from '../../lib/show-failure.ts'

/** null until the host has told them. */
export const useDownloads = create<{ downloads: ReadonlyMap<string, Download> | null }>(() => ({ downloads: null }))

function applyEvent(event: DownloadEvent): void {
  if (event.type === 'downloads') {
    useDownloads.setState({ downloads: new Map(event.downloads.map((download) => [download.id, download])) })
    return
  }
  const downloads = new Map(useDownloads.getState().downloads)
  if (event.type === 'download-saved') downloads.set(event.download.id, event.download)
  else downloads.delete(event.downloadId)
  useDownloads.setState({ downloads })
}

export function followDownloads(signal: AbortSignal): Promise<void> {
  return follow((signal) => client.downloads.watch(undefined, { signal }), applyEvent, signal)
}

/** Started and neither finished, failed nor paused. */
function isUnderWay({ state }: Download): boolean {
  return state === 'queued' || state === 'downloading' || state === 'waiting' || state === 'verifying'
}

/** For the rail: how many are under way, and how far they are together, 0 to 1. */
export function useDownloadsProgress(): { count: number; fraction: number } {
  return useDownloads(
    useShallow(({ downloads }) => {
      const underWay = [...(downloads?.values() ?? [])].filter(isUnderWay)
      const sum = (name: 'sizeBytes' | 'receivedBytes') => underWay.reduce((sum, download) => sum + download[name], 0)
      return { count: underWay.length, fraction: sum('sizeBytes') > 0 ? sum('receivedBytes') / sum('sizeBytes') : 0 }
    }),
  )
}

const act = (call: Promise<unknown>) => call.then(() => undefined, showFailure)

export const pauseDownload = (downloadId: string) => act(client.downloads.pause({ downloadId }))
export const resumeDownload = (downloadId: string) => act(client.downloads.resume({ downloadId }))
export const removeDownload = (downloadId: string) => act(client.downloads.remove({ downloadId }))
