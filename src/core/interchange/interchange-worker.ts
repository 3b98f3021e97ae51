/** The thread that reads and writes files of chats, so that the host and its window never wait for them. */
import { parentPort, workerData } from 'node:worker_threads'
import { ImportRefused } from './import-refused.ts'
import { ImportTarget } from './import-target.ts'
import type { InterchangeEvent, InterchangeJob, ReadJob, ReadResult } from './interchange-messages.ts'

const tell = (event: InterchangeEvent) => parentPort!.postMessage(event)
const progressIntervalMs = 100
let toldAt = 0

function onProgress(fraction: number): void {
  const now = performance.now()
  if (now - toldAt < progressIntervalMs) return
  toldAt = now
  tell({ type: 'progress', fraction })
}

/** Reading needs none of what writing does, which takes long to load; nor the other way round. */
const reading = () => import('./read-import.ts')
const writing = () => import('./write-export.ts')

async function read({ path, name, directory }: ReadJob): Promise<ReadResult> {
  const target = new ImportTarget(directory)
  const { readImport } = await reading()
  await readImport(path, name, target, onProgress)
  target.close()
  const { format, madeAt, attachmentCount, problems, problemCount } = target
  return { format: format!, madeAt, attachmentCount, problems, problemCount }
}

const work = workerData as InterchangeJob
try {
  if (work.task === 'export')
    tell({ type: 'exported', file: await (await writing()).writeExport(work.job, onProgress) })
  else if (work.task === 'backup')
    tell({ type: 'exported', file: await (await writing()).writeBackup(work.job, onProgress) })
  else tell({ type: 'read', result: await read(work.job) })
} catch (error) {
  if (!(error instanceof ImportRefused)) throw error
  tell({ type: 'refused', reason: error.reason })
}
