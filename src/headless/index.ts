/**
 * The host without Electron: core in plain Node, its window in any browser on this machine. Prints
 * one line, the address to open, when it is ready, and runs until SIGINT or SIGTERM.
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createRouterClient } from '@orpc/server'
import packageJson from '../../package.json' with { type: 'json' }
import { defaultDataDirectory } from '../core/data-directory.ts'
import { DatabaseUnusableError } from '../core/database/database-error.ts'
import { openLog } from '../core/log.ts'
import { startControl } from '../server/control/start-control.ts'
import { startWebUi, uploadPath } from '../server/web-ui/start-web-ui.ts'
import { createHeadlessCore, headlessFiles } from './create-headless-core.ts'

const usage = `yangtuo [--port N] [--data-dir DIR]
  --port N        端口，默认任选一个空闲的。Port; any free one by default.
  --data-dir DIR  数据文件夹，默认 / Data folder, by default ${defaultDataDirectory()}`

/** Core itself takes 10 s at most. */
const closeTimeoutMs = 12_000
const entryPath = import.meta.filename

async function run(port: number, dataDirectory: string): Promise<void> {
  const log = openLog(join(dataDirectory, 'logs'))
  process.on('unhandledRejection', (error) => log.error('Unhandled rejection', { error: String(error) }))
  process.on('uncaughtException', (error) => {
    log.error('Uncaught exception', { error: error.stack })
    process.exit(1)
  })

  const core = await createHeadlessCore({ dataDirectory, entryPath, log, uploadUrl: uploadPath })
  const client = createRouterClient(core.router)
  const webUi = await startWebUi({
    port,
    directory: headlessFiles(entryPath).renderer,
    modelsDirectory: join(dataDirectory, 'models'),
    router: core.router,
    importModel: (path) => client.models.importFile({ path }),
    log,
  })
  const control = await startControl({ dataDirectory, router: core.router, kind: 'headless', log })
  log.info('Headless host started', { version: packageJson.version, pid: process.pid })
  console.log(`打开 Open: ${webUi.address}`)

  let isClosing = false
  async function close(): Promise<void> {
    // Ctrl-C reaches it twice: from the terminal, and passed on by the parent.
    if (isClosing) return
    isClosing = true
    setTimeout(() => process.exit(1), closeTimeoutMs).unref()
    await Promise.all([webUi.close(), control.close()])
    await core.close()
    process.exit(0)
  }
  process.on('SIGINT', () => void close())
  process.on('SIGTERM', () => void close())
}

/** Ends the process after printing the usage when asked to, or when an argument is wrong. */
function readArguments(): { port: number; dataDirectory: string } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        'data-dir': { type: 'string', default: defaultDataDirectory() },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      console.log(usage)
      process.exit(0)
    }
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`--port ${values.port}`)
    return { port, dataDirectory: resolve(values['data-dir']) }
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    process.exit(1)
  }
}

function explain(error: unknown): string {
  if (error instanceof DatabaseUnusableError) return error.message
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return '端口已被占用，请换一个 --port。\nThe port is in use; choose another --port.'
  if (code === 'EACCES' || code === 'ENOSPC' || code === 'EROFS') {
    return `无法使用数据文件夹或端口。\nThe data folder or the port cannot be used.\n${message}`
  }
  return stack ?? message
}

const { port, dataDirectory } = readArguments()
run(port, dataDirectory).catch((error: unknown) => {
  console.error(explain(error))
  process.exit(1)
})
