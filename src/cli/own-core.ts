/** The application in the command's own process. Apart, because importing it takes longer than most commands. */
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { openLog } from '../core/log.ts'
import { createHeadlessCore } from '../headless/create-headless-core.ts'
import type { HostClient } from '../server/control/connect-to-host.ts'
import { startControl } from '../server/control/start-control.ts'

export interface OwnCore {
  client: HostClient
  /** How many other commands work with it. */
  otherClients(): number
  /** Resolves when there are none any more. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** It starts nothing by itself. Rejects as `createCore` does. */
export async function openOwnCore(dataDirectory: string, entryPath: string): Promise<OwnCore> {
  const log = openLog(join(dataDirectory, 'logs'))
  // Such as a measurement that the end of the command has cut off.
  process.on('unhandledRejection', (error) => log.error('Unhandled rejection', { error: String(error) }))
  const core = await createHeadlessCore({ dataDirectory, entryPath, log, uploadUrl: null, startsWork: false })
  const control = await startControl({ dataDirectory, router: core.router, kind: 'command', log })
  return {
    client: createRouterClient(core.router),
    otherClients: control.clientCount,
    idle: control.idle,
    async close() {
      await control.close()
      await core.close()
    },
  }
}
