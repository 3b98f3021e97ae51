/** Files to import: sent to the host, looked at there, and taken in when the person has seen what is in them. */
import type { ImportPreview, ImportProblem, ImportResult } from '../../../shared/contract/interchange.ts'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import { releaseFile, sendFile } from './travel.ts'

export type LookedAt =
  { name: string; fileId: string; preview: ImportPreview } | { name: string; failure: ShownFailure }

type OnProgress = (fraction: number) => void

/** A file that cannot be imported does not keep the others from it. */
export async function lookAt(file: File, onProgress: OnProgress, signal: AbortSignal): Promise<LookedAt> {
  const { name } = file
  if (file.size === 0) return { name, failure: { code: 'IMPORT_UNREADABLE', data: { name, reason: 'empty' } } }
  if (file.size > 4_000_000_000)
    return { name, failure: { code: 'IMPORT_UNREADABLE', data: { name, reason: 'too-large' } } }
  let fileId: string | null = null
  try {
    fileId = await sendFile(file, (fraction) => onProgress(fraction / 2), signal)
    for await (const event of await client.interchange.preview({ fileId }, { signal })) {
      if (event.type === 'preview') return { name, fileId, preview: event.preview }
      onProgress(0.5 + event.fraction / 2)
    }
    throw new Error('The host gave no preview')
  } catch (error) {
    if (fileId !== null) releaseFile(fileId)
    signal.throwIfAborted()
    return { name, failure: failureOf(error) }
  }
}

export interface Imported extends Omit<ImportResult, 'problems'> {
  problems: ImportProblem[]
}

export async function takeIn(
  fileIds: readonly string[],
  present: 'skip' | 'copy',
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Imported> {
  const sum: Imported = {
    addedChats: 0,
    changedChats: 0,
    skippedChats: 0,
    addedMessages: 0,
    addedFolders: 0,
    addedPresets: 0,
    firstChatId: null,
    problems: [],
  }
  for (const [index, fileId] of fileIds.entries()) {
    for await (const event of await client.interchange.import({ fileId, present }, { signal })) {
      if (event.type === 'progress') {
        onProgress((index + event.fraction) / fileIds.length)
        continue
      }
      const { problems, firstChatId, ...counts } = event.result
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) sum[name] += counts[name]
      sum.firstChatId ??= firstChatId
      sum.problems.push(...problems)
    }
    releaseFile(fileId)
  }
  return sum
}
