/** A headless host with its API server, for soak.ts: a process of its own that tells what it holds. Needs --expose-gc. */
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRouterClient } from '@orpc/server'
import { createHeadlessCore } from '../../src/headless/create-headless-core.ts'

export interface Held {
  rssBytes: number
  heapBytes: number
  /** Of what the event loop waits for: sockets, timers, … */
  resources: Record<string, number>
  /** Node's complaints of too many listeners. */
  warnings: number
  runningRequests: number
}

let warnings = 0
process.on('warning', () => warnings++)
const core = await createHeadlessCore({
  dataDirectory: process.argv[2]!,
  entryPath: resolve(import.meta.dirname, '../../src/headless/index.ts'),
  log: { info() {}, warn() {}, error: (text, details) => console.error(text, details) },
  uploadUrl: null,
  apiServer: { port: 0 },
})
const client = createRouterClient(core.router)

async function held(): Promise<Held> {
  // As under memory pressure: else V8 keeps the space that short-lived objects had, up to 150 MB of it, for the next.
  for (let round = 0; round < 3; round++) {
    await globalThis.gc!({ type: 'major', execution: 'async', flavor: 'last-resort' })
    await sleep(100)
  }
  const resources: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1
  const { rss, heapUsed } = process.memoryUsage()
  let runningRequests = 0
  for await (const { requests } of await client.apiServer.watchActivity()) {
    runningRequests = requests.length
    break
  }
  return { rssBytes: rss, heapBytes: heapUsed, resources, warnings, runningRequests }
}

process.on('message', (message) => {
  if (message === 'tell') void held().then((answer) => process.send!(answer))
  else void core.close().then(() => process.exit(0))
})
for await (const state of await client.apiServer.watch()) {
  if (state.state === 'failed') throw new Error(JSON.stringify(state.failure))
  if (state.state !== 'on') continue
  process.send!({ url: state.urls[0]! })
  break
}
