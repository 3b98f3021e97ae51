import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { InterchangeEvent, InterchangeJob } from './interchange-messages.ts'

/** Far more than any file needs that is read piece by piece; a damaged one must not take all of the memory. */
const mostHeapMb = 2_000

/** What the thread tells, to its end. Aborting ends the thread, whatever it does, and rejects. */
export async function* runWorker(
  workerPath: string,
  job: InterchangeJob,
  signal: AbortSignal,
): AsyncGenerator<InterchangeEvent> {
  signal.throwIfAborted()
  const worker = new Worker(workerPath, {
    workerData: job,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: mostHeapMb },
  })
  try {
    for await (const [event] of on(worker, 'message', { signal, close: ['exit'] })) yield event as InterchangeEvent
  } finally {
    await worker.terminate()
  }
}
