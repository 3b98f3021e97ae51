/**
 * How commands reach the process that has the data folder open: the contract over a WebSocket on a free port of the
 * loopback, for whoever can read the token in `host.json`. No page in a browser can: pages send an Origin, which is
 * refused, and cannot send the token.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { AnyRouter } from '@orpc/server'
import type { Log } from '../../core/ports.ts'
import { socketPath } from '../../shared/lib/bridge.ts'
import { isSameSecret } from '../same-secret.ts'
import { createRpcGateway } from '../web-ui/rpc-gateway.ts'
import { type HostKind, removeHostFile, writeHostFile } from './host-file.ts'

export interface Control {
  /** How many commands are connected. */
  clientCount(): number
  /** Resolves when no command is connected any more. */
  idle(): Promise<void>
  /** Cuts off who is connected, and takes `host.json` away. */
  close(): Promise<void>
}

export interface ControlOptions {
  dataDirectory: string
  router: AnyRouter
  kind: HostKind
  log: Log
}

/** Can be reached when it resolves. A data folder in which `host.json` cannot be written is served without. */
export async function startControl({ dataDirectory, router, kind, log }: ControlOptions): Promise<Control> {
  const token = randomBytes(32).toString('base64url')
  const server = createServer((_request, response) => response.writeHead(404).end())
  const gateway = createRpcGateway(router)
  const clients = new Set<unknown>()
  let onIdle = () => {}

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  function isAllowed({ headers, url }: IncomingMessage): boolean {
    const isOurs = url === socketPath && headers.host === `127.0.0.1:${port}` && headers.origin === undefined
    return isOurs && isSameSecret(headers.authorization ?? '', `Bearer ${token}`)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head) => {
    if (!isAllowed(request)) {
      socket.on('error', () => {})
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      return
    }
    clients.add(socket)
    socket.once('close', () => {
      clients.delete(socket)
      if (clients.size === 0) onIdle()
    })
    gateway.upgrade(request, socket, head)
  })

  await writeHostFile(dataDirectory, { pid: process.pid, kind, port, token }).catch((error: unknown) => {
    log.warn('Commands cannot find this host', { reason: String(error) })
  })
  return {
    clientCount: () => clients.size,
    idle: () => (clients.size === 0 ? Promise.resolve() : new Promise((resolve) => (onIdle = resolve))),
    async close() {
      await removeHostFile(dataDirectory, token)
      const closed = once(server, 'close')
      gateway.close()
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
