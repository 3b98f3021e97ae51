/** The whole application with its HTTP server on a free port, in a temporary folder, and a way to send it any bytes. */
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { ApiServerOverrides } from '../../core/api-server/api-services.ts'
import type { OpenApiServer } from '../../core/api-server/api-services.ts'
import {
  type Client,
  startCore,
  startEngine as startTestEngine,
  temporaryFolder,
  testPorts,
  writeEndlessModel,
} from '../../core/core.fixture.ts'
import type { EngineStarter } from '../../core/engine/engine-starter.ts'
import type { Log } from '../../core/ports.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { RequestLimits } from './api-env.ts'
import { openApiServer } from './open-api-server.ts'

export interface TestApi {
  port: number
  url: string
  client: Client
  /** What was logged as an error. */
  errors: string[]
  /** Everything that comes back until the connection ends. Rejects if it has not after `waitMs`, by default 5,000. */
  send: (bytes: string | Buffer, waitMs?: number) => Promise<string>
  close: () => Promise<void>
}

export interface TestApiOptions {
  overrides?: ApiServerOverrides
  settings?: Partial<Settings>
  limits?: RequestLimits
  startEngine?: EngineStarter
}

/** The demo model is in the library (`yangtuo-demo`), and one that never stops by itself (`endless`). */
export async function startApi({ overrides, settings, limits, startEngine = startTestEngine }: TestApiOptions = {}): Promise<TestApi> {
  const folder = temporaryFolder()
  const errors: string[] = []
  const log: Log = { info() {}, warn() {}, error: (text, details) => errors.push(`${text} ${JSON.stringify(details)}`) }
  const open: OpenApiServer = (services, address) => openApiServer(services, address, limits)
  const core = await startCore(
    testPorts(join(folder.path, '数据　data'), {
      log,
      startEngine,
      apiServer: { open, overrides: { port: 0, ...overrides } },
    }),
  )
  const { client } = core
  if (settings) await client.settings.update(settings)
  const endlessPath = join(folder.path, 'endless.gguf')
  writeEndlessModel(endlessPath)
  await client.models.importFile({ path: endlessPath })
  await bundledIsThere(client)
  const port = await portOf(client)
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    client,
    errors,
    send: (bytes, waitMs = 5000) => exchange(port, bytes, waitMs),
    close: async () => {
      await core.close()
      folder.remove()
    },
  }
}

/** At the first start it is looked at in the background. */
async function bundledIsThere(client: Client): Promise<void> {
  for await (const event of await client.models.watch()) {
    if ('models' in event && event.models.some(({ source }) => source === 'bundled')) return
  }
}

async function portOf(client: Client): Promise<number> {
  for await (const state of await client.apiServer.watch()) {
    if (state.state === 'failed') throw new Error(JSON.stringify(state.failure))
    if (state.state === 'on') return Number(new URL(state.urls[0]!).port)
  }
  throw new Error('The server did not open')
}

function exchange(port: number, bytes: string | Buffer, waitMs: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket: Socket = connect(port, '127.0.0.1', () => socket.write(bytes))
  const answer: Buffer[] = []
  const end = () => {
    clearTimeout(timer)
    socket.destroy()
    resolve(Buffer.concat(answer).toString())
  }
  const timer = setTimeout(() => {
    reject(new Error(`No end after ${waitMs} ms, but: ${Buffer.concat(answer).toString().slice(0, 200)}`))
    socket.destroy()
  }, waitMs)
  socket.on('data', (chunk) => answer.push(chunk))
  socket.on('error', end).on('close', end)
  return promise
}

/** Of the first answer; 0 where there is none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}

/** A request with these headers, which ends its connection. */
export function requestText(target: string, headers: Record<string, string> = {}, method = 'GET', body = ''): string {
  const all = { host: '127.0.0.1', connection: 'close', 'content-length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}
