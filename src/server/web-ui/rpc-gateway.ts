/**
 * Carries the contract over WebSockets. Invariant: a viewer that reads slowly holds at most one
 * unsent message of each stream it follows, because oRPC pulls a stream's next event only when the
 * last one was sent, and `send` here ends when the system has taken the bytes. What comes meanwhile
 * waits in core, where it is merged.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AnyRouter } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { type WebSocket, WebSocketServer } from 'ws'

/** The longest text of the contract (2 million characters) fits, however JSON escapes it. */
const maxMessageBytes = 16 * 1024 * 1024

export interface RpcGateway {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

export function createRpcGateway(router: AnyRouter): RpcGateway {
  const handler = new RPCHandler(router)
  const server = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes })
  return {
    upgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (connection) => {
        // A broken frame or connection is followed by `close`, which ends its calls.
        connection.on('error', () => {})
        void handler.upgrade({
          addEventListener: connection.addEventListener.bind(connection),
          send: ((message: string) => new Promise<void>((sent) => connection.send(message, () => sent()))) as WebSocket['send'],
        })
      })
    },
    close() {
      for (const connection of server.clients) connection.terminate()
      server.close()
    },
  }
}
