/** The downloads as the host has them, in the order of the queue, and the actions on them. */
import { create } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Download, DownloadEvent } from '../../../shared/contract/downloads.ts'
import type { Model } from '../../../shared/contract/models.ts'
import { client } from '../../lib/client.ts'
import { follow } from '../../lib/follow.ts'
import { showFailure } from '../../lib/show-failure.ts'

type Downloads = ReadonlyMap<string, Download>

/** null until the host has told them. */
export const useDownloads = create<{ downloads: Downloads | null }>(() => ({ downloads: null }))

export function applyDownloadEvent(event: DownloadEvent): void {
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
  return follow((signal) => client.downloads.watch(undefined, { signal }), applyDownloadEvent, signal)
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

/** A file that can be downloaded, as it is known on each hub that has it. */
export interface FileIdentity {
  repositories: readonly string[]
  fileName: string
  sha256: string | null
}

/** Of a path with `/` or `\`. */
function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

export function findDownload(downloads: Downloads | null, file: FileIdentity): Download | null {
  return (
    [...(downloads?.values() ?? [])].find(
      ({ repository, files }) =>
        file.repositories.includes(repository) && files.some(({ path }) => lastPart(path) === file.fileName),
    ) ?? null
  )
}

/** The model on this machine that is this file: what was downloaded as it, or the same file from elsewhere. */
export function findModel(
  models: ReadonlyMap<string, Model> | null,
  file: FileIdentity,
  download: Download | null,
): Model | null {
  const downloaded = download?.modelId && models?.get(download.modelId)
  if (downloaded && downloaded.isPresent) return downloaded
  return (
    [...(models?.values() ?? [])].find(({ isPresent, sha256, repository, fileName, path }) => {
      if (!isPresent) return false
      if (file.sha256 !== null && sha256 !== null) return sha256 === file.sha256
      const isOfRepository = repository !== null && file.repositories.includes(repository)
      return isOfRepository && (fileName === file.fileName || lastPart(path) === file.fileName)
    }) ?? null
  )
}

const act = (call: Promise<unknown>) => call.then(() => undefined, showFailure)

export const pauseDownload = (downloadId: string) => act(client.downloads.pause({ downloadId }))
export const resumeDownload = (downloadId: string) => act(client.downloads.resume({ downloadId }))
export const removeDownload = (downloadId: string) => act(client.downloads.remove({ downloadId }))
