/**
 * A file of several GB from a hub on the loopback, in turns by the app's downloads on a built tree (SHA-256, journal
 * and flushed files included), with curl, and with curl and then what the app does besides: SHA-256 and flush. The
 * ratios are those of each round. The hub runs in a process of its own. What the app's memory grew by and what the
 * host's event loop was kept waiting is measured beside it.
 *
 * curl alone leaves the file in the page cache, so a disk slower than the loopback holds back only the app. With
 * `--folder /dev/shm` the disk has no part in it.
 *
 *   npm run bench -- download [--rounds 6] [--gigabytes 3] [--folder /tmp]
 */
import { execFile, spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { parseArgs, promisify } from 'node:util'
import { silentLog } from '../../src/core/core.fixture.ts'
import { openDatabase } from '../../src/core/database/open-database.ts'
import { DownloadsRepository } from '../../src/core/downloads/downloads-repository.ts'
import { DownloadsService } from '../../src/core/downloads/downloads-service.ts'
import { HubSources } from '../../src/core/hubs/hub-sources.ts'
import { HubTokensRepository } from '../../src/core/hubs/hub-tokens-repository.ts'
import { HubsService } from '../../src/core/hubs/hubs-service.ts'
import { SettingsRepository } from '../../src/core/settings/settings-repository.ts'
import { SettingsService } from '../../src/core/settings/settings-service.ts'
import { median, percent, report, rounded } from './report.ts'

const run = promisify(execFile)
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    gigabytes: { type: 'string', default: '3' },
    folder: { type: 'string', default: tmpdir() },
  },
})
const folder = await mkdtemp(join(values.folder, 'yangtuo-bench-'))
const sizeBytes = Number(values.gigabytes) * 1e9
const hub = await startHub()

const database = openDatabase(join(folder, 'yangtuo.db'))
const settings = new SettingsService(new SettingsRepository(database))
settings.update({ hubSource: 'hugging-face' })
const names = { modelScopeNameOf: () => null, huggingFaceNameOf: () => null }
const sources = new HubSources(new HubTokensRepository(database), settings, { HF_ENDPOINT: hub.endpoint }, '1')
const downloads = new DownloadsService({
  repository: new DownloadsRepository(database),
  settings,
  hubs: new HubsService(sources, names),
  modelsDirectory: join(folder, 'models'),
  workerPath: resolve(import.meta.dirname, '../../out/main/download-worker.js'),
  log: silentLog,
  // What reading a model's header takes is no part of this.
  addModel: async () => ({ id: 'model' }),
  findInCatalog: () => Promise.reject(new Error('there is no catalog')),
})
downloads.start()

const ways = { curl: downloadWithCurl, app: downloadWithApp, 'curl, hash, flush': downloadHashAndFlush }
type Way = keyof typeof ways
const rounds: Record<Way, number>[] = []
const grownMB: number[] = []
const delays: number[] = []
for (let round = 0; round < Number(values.rounds); round++) {
  const speeds = {} as Record<Way, number>
  const names = Object.keys(ways) as Way[]
  // Forwards and backwards: what the first one leaves to be written to disk hinders the next.
  for (const way of round % 2 ? names.reverse() : names) speeds[way] = await ways[way]()
  rounds.push(speeds)
  console.log(names.map((way) => `${way}: ${speeds[way].toFixed(0)} MB/s`).join('   '))
}
await downloads.close()
database.close()
hub.stop()
rmSync(folder, { recursive: true })
report('download', [
  {
    file: `${values.gigabytes} GB`,
    'app MB/s': rounded(median(rounds.map(({ app }) => app)), 0),
    'curl MB/s': rounded(median(rounds.map(({ curl }) => curl)), 0),
    'app / curl': percent(median(rounds.map(({ app, curl }) => app / curl))),
    'app / curl, hash, flush': percent(median(rounds.map((speeds) => speeds.app / speeds['curl, hash, flush']))),
    'memory above idle, MB': rounded(Math.max(...grownMB), 0),
    'event loop, longest wait ms': rounded(Math.max(...delays), 0),
  },
])

/** Megabytes a second. */
async function downloadWithApp(): Promise<number> {
  globalThis.gc?.()
  const idleMB = residentMB()
  let peakMB = 0
  const watching = setInterval(() => (peakMB = Math.max(peakMB, residentMB())), 50)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const reference = { repository: 'bench/model', revision: hub.revision, variant: 'model' }
  const { id, directory } = await downloads.add({ sourceId: 'hugging-face', ...reference })
  // Now it is in the queue and begins; before, the hub was asked what the variant is.
  const started = performance.now()
  for await (const event of downloads.watch()) {
    const state = event.type === 'download-saved' && event.download.id === id ? event.download.state : null
    if (state === 'failed' || state === 'waiting') throw new Error(JSON.stringify(event))
    if (state === 'complete') break
  }
  const seconds = (performance.now() - started) / 1000
  clearInterval(watching)
  delays.push(delay.max / 1e6)
  grownMB.push(peakMB - idleMB)
  rmSync(join(directory, 'model.gguf'))
  await downloads.remove(id)
  return sizeBytes / 1e6 / seconds
}

async function downloadWithCurl(): Promise<number> {
  return runCurl(() => {})
}

/** `openssl` uses the processor's SHA instructions, as the app does; `sha256sum` not everywhere. */
async function downloadHashAndFlush(): Promise<number> {
  return runCurl(async (path) => {
    await run('openssl', ['dgst', '-sha256', path])
    await run('sync', ['-d', path])
  })
}

async function runCurl(andThen: (path: string) => unknown): Promise<number> {
  const path = join(folder, 'curl.gguf')
  const started = performance.now()
  await run('curl', ['-sSL', '-o', path, `${hub.endpoint}/bench/model/resolve/${hub.revision}/model.gguf`])
  await andThen(path)
  const seconds = (performance.now() - started) / 1000
  rmSync(path)
  return sizeBytes / 1e6 / seconds
}

async function startHub(): Promise<{ endpoint: string; revision: string; stop: () => void }> {
  const entry = resolve(import.meta.dirname, 'download-hub.ts')
  const child = spawn(process.execPath, [entry, String(sizeBytes)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await new Promise<string>((found) => createInterface({ input: child.stdout }).once('line', found))
  return { ...JSON.parse(line), stop: () => child.kill() }
}

function residentMB(): number {
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1000
}
