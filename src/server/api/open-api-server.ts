/**
 * The Node server under the HTTP APIs: what HTTP itself can do wrong. Invariant: every connection ends, by an
 * answer or by a limit, and none of them ends the process.
 */
import { once } from 'node:events'
import { createServer, STATUS_CODES, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { ApiServerAddress, ApiServices, RunningApiServer } from '../../core/api-server/api-services.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { createApiApp } from './api-app.ts'
import type { RequestLimits } from './api-env.ts'
import { errorBody } from './error-bodies.ts'

const defaultLimits: RequestLimits = { bodyBytes: 32 * 1024 * 1024, bodyStallMs: 60_000, requestMs: 300_000 }

/** Far more than a machine's programs need, and fewer than the files that a process may have open on most systems. */
const maxConnections = 4096
/** Longer than the minute for which proxies keep theirs, so that none is closed just when it is used again. */
const keepAliveMs = 75_000

/** Listens when it resolves. Rejects with AppFailure: PORT_IN_USE, ADDRESS_UNAVAILABLE. */
export async function openApiServer(
  services: ApiServices,
  address: ApiServerAddress,
  limits = defaultLimits,
): Promise<RunningApiServer> {
  const app = createApiApp(services, address, limits)
  const listener = getRequestListener(app.fetch, {
    // Others in this process use the global Request and Response.
    overrideGlobalObjects: false,
    // Of what is no URL; all else is answered by the app.
    errorHandler: () => Response.json(malformedBody(), { status: 400 }),
  })
  const server = createServer(
    {
      keepAliveTimeout: keepAliveMs,
      headersTimeout: Math.min(limits.bodyStallMs, limits.requestMs),
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(limits.bodyStallMs / 2, 30_000),
    },
    (incoming, outgoing) => void listener(incoming, outgoing),
  )
  server.maxConnections = maxConnections
  server.on('clientError', refuse)
  await listen(server, address)
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, { host, port }: ApiServerAddress): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new AppFailure('PORT_IN_USE', { port })
    throw new AppFailure('ADDRESS_UNAVAILABLE', { host, reason: code ?? message })
  }
}

const statusByParserError: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** Answers what is no HTTP, unless an answer is under way on that connection, which it would garble. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex & { _httpMessage?: ServerResponse }): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent) return void socket.destroy()
  const status = statusByParserError[error.code ?? ''] ?? 400
  const body = JSON.stringify(malformedBody())
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\nconnection: close`
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => socket.destroy())
}

/** In the shape that most clients know; whose path it was for cannot be told. */
function malformedBody(): object {
  return errorBody('openai', 400, new AppFailure('REQUEST_INVALID', { field: 'request', detail: 'must be HTTP' }), 'en')
}
