/** The application without a window, in the foreground: the HTTP APIs, for programs and as a service. */
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { ApiServerState } from '../../shared/contract/api-server.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { fill } from '../../shared/texts/fill.ts'
import { createHeadlessCore, headlessFiles } from '../../headless/create-headless-core.ts'
import { connectToHost, type HostClient } from '../../server/control/connect-to-host.ts'
import { startControl } from '../../server/control/start-control.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import { stopServer } from './background-server.ts'
import { findModel } from './find-model.ts'
import { openServeLog } from './serve-log.ts'

export interface ServeOptions {
  host?: string
  port?: number
  apiKey?: string
  cors?: string[]
  /** A request may load the model it names. */
  jit: boolean
  /** Minutes; 0 = never. */
  ttl?: number
  model?: string
  ui?: boolean
  logFormat: 'text' | 'json'
  stop?: boolean
}

/** Core itself takes 10 s at most. */
const closeTimeoutMs = 12_000

/** Until SIGINT or SIGTERM. */
export async function serve(context: CommandContext, options: ServeOptions): Promise<void> {
  if (options.stop) return stopServer(context)
  context.interrupts.ignoreHangUp()
  await refuseSecond(context)
  const { dataDirectory, entryPath, signal, texts } = context
  const log = openServeLog(join(dataDirectory, 'logs'), options.logFormat)
  process.on('unhandledRejection', (error) => log.error('Unhandled rejection', { error: String(error) }))
  const { host, port, apiKey } = options
  const core = await createHeadlessCore({
    dataDirectory,
    entryPath,
    log,
    uploadUrl: options.ui ? (await import('../../server/web-ui/start-web-ui.ts')).uploadPath : null,
    loadsAtStart: false,
    settingsOverrides: settingsOf(options),
    apiServer: { ...(host && { host }), ...(port !== undefined && { port }), ...(apiKey && { apiKey }) },
  })
  const closers = [() => core.close()]
  const close = async () => {
    setTimeout(() => process.exit(1), closeTimeoutMs).unref()
    for (const one of closers.toReversed()) await one()
  }
  try {
    const client: HostClient = createRouterClient(core.router)
    const { language } = await client.settings.get()
    if (language !== 'system') context.setLanguage(language)
    const { urls, needsKey } = await listening(client, signal)
    const control = await startControl({ dataDirectory, router: core.router, kind: 'serve', log })
    closers.push(() => control.close())
    log.say(fill(texts.serve.listening, { url: urls.join('  ') }), { urls, needsKey })
    if (needsKey) log.say(texts.serve.needsKey)
    if (options.ui) closers.push(await openWindow(context, client, core.router, log))
    if (options.model !== undefined) await preload(client, options.model, signal, log)
    await untilAborted(signal)
  } finally {
    await close()
  }
  log.info('Server ended')
}

async function refuseSecond({ dataDirectory, texts }: CommandContext): Promise<void> {
  const connection = await connectToHost(dataDirectory)
  if (!connection) return
  connection.close()
  const { kind, pid } = connection.host
  throw new CommandFailure(fill(texts.serve.alreadyRunning[kind], { pid: String(pid) }))
}

function settingsOf({ apiKey, cors, jit, ttl }: ServeOptions): Partial<Settings> {
  return {
    ...(apiKey && { apiServerNeedsKey: true }),
    ...(cors && { apiServerOrigins: cors }),
    ...(!jit && { apiLoadsOnDemand: false }),
    ...(ttl !== undefined && { apiIdleMinutes: ttl || null }),
  }
}

/** Rejects with what keeps the server from starting. */
async function listening(client: HostClient, signal: AbortSignal): Promise<ApiServerState & { state: 'on' }> {
  for await (const state of await client.apiServer.watch(undefined, { signal })) {
    if (state.state === 'on') return state
    if (state.state === 'failed') throw AppFailure.fromFailure(state.failure)
  }
  throw signal.reason
}

/** Returns how to close it. */
async function openWindow(
  { dataDirectory, entryPath, texts }: CommandContext,
  client: HostClient,
  router: Parameters<typeof startControl>[0]['router'],
  log: ReturnType<typeof openServeLog>,
): Promise<() => Promise<void>> {
  const { startWebUi } = await import('../../server/web-ui/start-web-ui.ts')
  const webUi = await startWebUi({
    port: 0,
    directory: headlessFiles(entryPath).renderer,
    modelsDirectory: join(dataDirectory, 'models'),
    router,
    importModel: (path) => client.models.importFile({ path }),
    log,
  })
  log.say(fill(texts.serve.window, { url: webUi.address }))
  return () => webUi.close()
}

async function preload(
  client: HostClient,
  name: string,
  signal: AbortSignal,
  log: ReturnType<typeof openServeLog>,
): Promise<void> {
  const { model } = await findModel(client, name)
  await client.models.load({ modelId: model.id }, { signal })
  log.info('Model loaded', { model: name })
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
