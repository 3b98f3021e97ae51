/**
 * The server of the headless host's own window: the built renderer, the contract over a WebSocket,
 * and uploads, on the loopback only and for one session. See session.ts for who is let in.
 */
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { AnyRouter } from '@orpc/server'
import type { Log } from '../../core/ports.ts'
import { failureSchema } from '../../shared/contract/errors.ts'
import { socketPath } from '../../shared/lib/bridge.ts'
import { createRpcGateway } from './rpc-gateway.ts'
import { createSession } from './session.ts'
import { receiveUpload, removePartialUploads } from './upload.ts'
import { protectiveHeaders, resolveWebUiFile, webUiHeaders } from './web-ui-files.ts'

export const uploadPath = '/upload'

const signInText = `打开启动时终端里显示的完整地址（含 token）即可使用。
Open the full address that was printed at the start, token included.
`

export interface WebUi {
  /** With the session's token. */
  address: string
  close(): Promise<void>
}

export interface WebUiOptions {
  /** 0 takes a free one. */
  port: number
  /** Holds the built renderer. */
  directory: string
  modelsDirectory: string
  router: AnyRouter
  /** Takes an uploaded file into the list. Rejects as `models.importFile` does; then the file is deleted. */
  importModel: (path: string) => Promise<unknown>
  log: Log
}

/** Listens when it resolves. Fails with the system's error (EADDRINUSE, EACCES) when it cannot. */
export async function startWebUi(options: WebUiOptions): Promise<WebUi> {
  const { directory, router, log } = options
  const uploadDirectory = join(options.modelsDirectory, 'imported')
  await removePartialUploads(uploadDirectory)

  const server = createServer()
  // A large upload takes longer than any limit on the whole request; headers keep theirs.
  server.requestTimeout = 0
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const session = createSession((server.address() as AddressInfo).port)
  const gateway = createRpcGateway(router)

  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error('web UI request failed', { method: request.method, error: String(error) })
      if (response.headersSent) response.destroy()
      else sendText(response, 500, 'Internal error\n')
    })
  })
  server.on('upgrade', (request, socket, head) => {
    const isOurs = urlOf(request)?.pathname === socketPath && session.isOriginAllowed(request)
    if (isOurs && session.hasCookie(request)) {
      gateway.upgrade(request, socket, head)
    } else {
      socket.on('error', () => {})
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    }
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request)
    if (!url || !session.isHostAllowed(request)) return sendText(response, 403, 'Forbidden\n')
    const { pathname, searchParams } = url
    if (pathname === '/' && session.isToken(searchParams.get('token') ?? '')) {
      response.writeHead(302, { location: '/', 'set-cookie': session.cookie, ...protectiveHeaders() }).end()
      return
    }
    if (!session.hasCookie(request)) return sendText(response, 401, signInText)
    if (pathname === uploadPath && request.method === 'PUT') {
      if (!session.isOriginAllowed(request)) return sendText(response, 403, 'Forbidden\n')
      return answerUpload(request, response, searchParams.get('name') ?? '')
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendText(response, 405, 'Method not allowed\n')
    return sendFile(request, response, pathname)
  }

  async function sendFile(request: IncomingMessage, response: ServerResponse, urlPath: string): Promise<void> {
    const path = resolveWebUiFile(directory, urlPath)
    const content = path && (await readFile(path).catch(() => null))
    if (!path || !content) return sendText(response, 404, 'Not found\n')
    response.writeHead(200, {
      ...webUiHeaders(path, `ws://${request.headers.host}`),
      'content-length': content.length,
    })
    response.end(request.method === 'HEAD' ? undefined : content)
  }

  async function answerUpload(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    try {
      const path = await receiveUpload(request, name, uploadDirectory)
      await options.importModel(path).catch(async (error: unknown) => {
        await rm(path)
        throw error
      })
      sendJson(response, 200, { path })
    } catch (error) {
      if (request.readableAborted) return
      // Of AppFailure, and of the ORPCError that an import ends with.
      const failure = failureSchema.safeParse(error)
      if (!failure.success) throw error
      // Read to its end: browsers take an early answer for a broken connection.
      request.resume()
      sendJson(response, failure.data.code === 'DISK_FULL' ? 507 : 400, failure.data)
    }
  }

  return {
    address: session.address,
    async close() {
      const closed = once(server, 'close')
      gateway.close()
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Only its path and query mean something; null when it is malformed. */
function urlOf(request: IncomingMessage): URL | null {
  return URL.parse(`http://localhost${request.url}`)
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...protectiveHeaders(), 'content-type': 'text/plain; charset=utf-8' }).end(text)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...protectiveHeaders(), 'content-type': 'application/json' }).end(JSON.stringify(value))
}
