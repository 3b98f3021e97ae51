/** The other end of start-control.ts: how a command finds the process that has its data folder open. */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import type { contract } from '../../shared/contract/index.ts'
import { socketPath } from '../../shared/lib/bridge.ts'
import { type HostRecord, readHostFile } from './host-file.ts'

export type HostClient = ContractRouterClient<typeof contract>

export interface HostConnection {
  client: HostClient
  host: HostRecord
  /** Aborts when the host is gone, or the connection was closed. */
  ended: AbortSignal
  close(): void
}

/** A host that is busy answers late; one that is stopped or hangs does not at all. */
const openTimeoutMs = 5_000

/** null if no host can be reached. Rejects if there is one that does not answer in 5 s. */
export async function connectToHost(dataDirectory: string): Promise<HostConnection | null> {
  const host = await readHostFile(dataDirectory)
  if (!host || !isAlive(host.pid)) return null
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${socketPath}`, {
    headers: { authorization: `Bearer ${host.token}` },
    handshakeTimeout: openTimeoutMs,
    perMessageDeflate: false,
  })
  const ended = new AbortController()
  socket.once('close', () => ended.abort())
  const failure = await new Promise<Error | null>((resolve) => {
    socket.once('open', () => resolve(null))
    socket.once('error', resolve)
  })
  // A frame that breaks off is followed by `close`.
  socket.on('error', () => {})
  if (failure) {
    // Refused: the process with that number is another one by now.
    if ('code' in failure || failure.message.startsWith('Unexpected server response')) return null
    throw failure
  }
  return {
    client: createORPCClient(new RPCLink({ websocket: socket })),
    host,
    ended: ended.signal,
    close: () => socket.close(),
  }
}

/** Whether there is a process with that number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
