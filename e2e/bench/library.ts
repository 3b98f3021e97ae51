/**
 * A watched folder of 5,000 models: the first scan, and a second start, when all is known. Times run
 * from the call of a window that has just connected to a host that has just started; beside them, the
 * longest piece of work that kept the host's event loop.
 *
 *   npm run bench -- library
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { connectClient, type Client } from '../support/client.ts'
import { startHeadlessHost } from '../support/headless-host.ts'
import { manyModels } from '../support/many-models.ts'
import { median, report, rounded } from './report.ts'

const count = 5_000
const root = manyModels(count)
const dataDirectory = await mkdtemp(join(tmpdir(), 'yangtuo-bench-'))
const delayPath = join(dataDirectory, 'loop-delay.json')
process.env['YANGTUO_LOOP_DELAY'] = delayPath
process.env['NODE_OPTIONS'] = `--import=${resolve(import.meta.dirname, 'loop-delay.ts')}`

interface Listing {
  firstMs: number
  allMs: number
  scannedMs: number
  longestWorkMs: number
}

/** Starts the host, does `before`, and follows both lists until all models are there and no folder is scanned. */
async function measure(before: (client: Client) => Promise<unknown>): Promise<Listing> {
  const host = await startHeadlessHost(dataDirectory)
  host.process.kill('SIGUSR2')
  const { client, close } = await connectClient(host.address)
  const startedAt = performance.now()
  const elapsed = () => performance.now() - startedAt
  await before(client)
  let firstMs = 0
  const listed = (async () => {
    const known = new Set<string>()
    for await (const event of await client.models.watch()) {
      if (event.type === 'models' || event.type === 'models-saved') event.models.forEach(({ id }) => known.add(id))
      if (known.size > 1) firstMs ||= elapsed()
      if (known.size > count) return elapsed()
    }
    throw new Error('the list ended')
  })()
  const scanned = (async () => {
    for await (const folders of await client.modelFolders.watch()) {
      const folder = folders.find(({ path }) => path === root)
      if (folder && !folder.isScanning && folder.modelCount === count) return elapsed()
    }
    throw new Error('the folders ended')
  })()
  const [allMs, scannedMs] = await Promise.all([listed, scanned])
  close()
  await host.stop()
  const { longestMs } = JSON.parse(await readFile(delayPath, 'utf8')) as { longestMs: number }
  return { firstMs, allMs, scannedMs, longestWorkMs: longestMs }
}

const cold = await measure((client) => client.modelFolders.add({ path: root }))
const warm: Listing[] = []
for (let round = 0; round < 5; round++) warm.push(await measure(async () => {}))
await rm(dataDirectory, { recursive: true, force: true })

const row = (what: string, of: (listing: Listing) => number) => ({
  what: `${what}, ms`,
  'second start': rounded(median(warm.map(of)), 0),
  'longest of 5': rounded(Math.max(...warm.map(of)), 0),
  'first scan': rounded(of(cold), 0),
})
report('library', [
  row('first models listed', ({ firstMs }) => firstMs),
  row('all 5,000 models listed', ({ allMs }) => allMs),
  row('folder scanned', ({ scannedMs }) => scannedMs),
  row('longest piece of work on the event loop', ({ longestWorkMs }) => longestWorkMs),
])
