import { basename } from 'node:path'
import type { InspectResult } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { Log } from '../ports.ts'
import { EngineClient } from './engine-client.ts'
import type { EngineStarter } from './engine-starter.ts'

const inspectDeadlineMs = 10_000

/**
 * Looks at a GGUF file of unknown origin in an engine process of its own, because some damaged
 * headers hang or abort the reader. Rejects with the codes of `models.importFile` but DISK_FULL;
 * a process that crashes or takes longer than 10 s means FILE_DAMAGED.
 */
export async function inspectFile(starter: EngineStarter, path: string, log: Log): Promise<InspectResult> {
  const client = new EngineClient({ process: starter(), modelName: basename(path), log })
  await client.started
  const deadline = setTimeout(() => void client.end(), inspectDeadlineMs)
  try {
    return await client.call('inspect', { path })
  } catch (error) {
    if (!(error instanceof AppFailure) || error.code !== 'ENGINE_CRASHED') throw error
    throw new AppFailure('FILE_DAMAGED', { path, detail: `reading it ended with ${error.data.reason}` })
  } finally {
    clearTimeout(deadline)
    await client.end()
  }
}
