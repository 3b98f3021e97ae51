/** Exports and backups: the host makes the file, and it is handed to the person. */
import i18next from 'i18next'
import type { ExportFormat, ExportWords, MadeFile } from '../../../shared/contract/interchange.ts'
import { client } from '../../lib/client.ts'
import { saveFile } from '../../lib/save-file.ts'
import type { ExportTarget } from './interchange-store.ts'
import { fetchFile } from './travel.ts'

type MakingEvent = { type: 'progress'; fraction: number } | { type: 'file'; file: MadeFile }
type OnProgress = (fraction: number) => void

/** Making takes most of the time, fetching the rest. */
const makingShare = 0.7

export async function exportChats(
  of: ExportTarget,
  format: ExportFormat,
  allBranches: boolean,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<string> {
  const words = exportWords()
  return save(await client.interchange.export({ of, format, allBranches, words }, { signal }), onProgress, signal)
}

export async function backUp(onProgress: OnProgress, signal: AbortSignal): Promise<string> {
  return save(await client.interchange.backup(undefined, { signal }), onProgress, signal)
}

/** Returns the file's name. */
async function save(events: AsyncIterable<MakingEvent>, onProgress: OnProgress, signal: AbortSignal): Promise<string> {
  let file: MadeFile | null = null
  for await (const event of events) {
    if (event.type === 'file') file = event.file
    else onProgress(event.fraction * makingShare)
  }
  signal.throwIfAborted()
  if (!file) throw new Error('The host made no file')
  const content = await fetchFile(file, (fraction) => onProgress(makingShare + fraction * (1 - makingShare)), signal)
  saveFile(file.name, content)
  return file.name
}

function exportWords(): ExportWords {
  const { t } = i18next
  return {
    language: i18next.language === 'zh' ? 'zh' : 'en',
    user: t('interchange.words.user'),
    assistant: t('interchange.words.assistant'),
    system: t('interchange.words.system'),
    reasoning: t('interchange.words.reasoning'),
    footnotes: t('interchange.words.footnotes'),
    untitled: t('interchange.words.untitled'),
    noText: t('interchange.words.noText'),
  }
}
