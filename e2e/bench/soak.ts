/**
 * Whether the API server gives back what it takes: 1,000 idle connections that are kept open, and 10,000 requests of
 * all kinds beside them, on the demo model. What the host and its engine hold before and afterwards must be the same
 * within a tenth, and every slot free.
 *
 *   npm run bench -- soak [--requests 10000] [--connections 1000] [--parallel 8]
 */
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { percent, report, rounded, type Row } from './report.ts'
import type { Held } from './soak-host.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '1000' },
    parallel: { type: 'string', default: '8' },
  },
})
const [requestCount, connectionCount, parallel] = [values.requests, values.connections, values.parallel].map(Number) as [
  number,
  number,
  number,
]

const folder = mkdtempSync(join(tmpdir(), 'yangtuo-soak-'))
const host = fork(resolve(import.meta.dirname, 'soak-host.ts'), [folder], { execArgv: ['--expose-gc'] })
const [{ url }] = (await once(host, 'message')) as [{ url: string }]
const agent = new Agent({ keepAlive: true, maxSockets: parallel })

interface HeldByBoth extends Held {
  engineBytes: number
}

/** After a moment in which what has ended can go. */
async function tell(): Promise<HeldByBoth> {
  await sleep(2000)
  host.send('tell')
  const [held] = (await once(host, 'message')) as [Held]
  return { ...held, engineBytes: engineBytes() }
}

/** Of all children of the host. */
function engineBytes(): number {
  const lines = execFileSync('ps', ['-eo', 'ppid,rss'], { encoding: 'utf8' }).split('\n')
  const ofHost = lines.map((line) => line.trim().split(/\s+/).map(Number)).filter(([parent]) => parent === host.pid)
  return ofHost.reduce((sum, [, kilobytes]) => sum + kilobytes! * 1024, 0)
}

/** The status; 0 if the client left. */
function send(path: string, body: string | null, leavesAfterMs?: number): Promise<number> {
  return new Promise((done) => {
    const asked = request(url + path, { method: body === null ? 'GET' : 'POST', agent }, (answer) => {
      answer.resume().on('close', () => done(answer.complete ? answer.statusCode! : 0))
    })
    asked.on('error', () => done(0))
    if (leavesAfterMs !== undefined) setTimeout(() => asked.destroy(), leavesAfterMs)
    asked.end(body)
  })
}

const question = (index: number, more = {}) =>
  JSON.stringify({ messages: [{ role: 'user', content: ['你好', '你是谁', '1+1=?'][index % 3] }], max_tokens: 8, ...more })

const kinds: [name: string, expected: number[], ask: (index: number) => Promise<number>][] = [
  ['chat', [200], (index) => send('/v1/chat/completions', question(index))],
  ['streamed', [200], (index) => send('/v1/chat/completions', question(index, { stream: true }))],
  ['left', [0, 200], (index) => send('/v1/chat/completions', question(index, { stream: true, max_tokens: 200 }), index % 40)],
  ['embedding', [200], (index) => send('/v1/embeddings', JSON.stringify({ input: `text ${index}` }))],
  ['models', [200], () => send('/v1/models', null)],
  ['no JSON', [400], () => send('/v1/chat/completions', '{"messages":')],
  ['wrong field', [400], (index) => send('/v1/chat/completions', question(index, { temperature: 'hot' }))],
  ['no such model', [404], (index) => send('/v1/completions', JSON.stringify({ model: 'nothing', prompt: String(index) }))],
]
const unexpected = new Map<string, number>()

async function ask(count: number): Promise<void> {
  const indexes = Array.from({ length: count }, (_, index) => index).values()
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (const index of indexes) {
        const [name, expected, send] = kinds[index % kinds.length]!
        const status = await send(index)
        if (!expected.includes(status)) unexpected.set(`${name}: ${status}`, (unexpected.get(`${name}: ${status}`) ?? 0) + 1)
      }
    }),
  )
}

/** Connections that did one request, and one more each half minute, before the server takes them for forgotten. */
async function openIdle(): Promise<() => void> {
  const idle = new Agent({ keepAlive: true, maxSockets: connectionCount, maxFreeSockets: connectionCount })
  const touch = () =>
    Promise.all(
      Array.from({ length: connectionCount }, () => {
        const asked = request(`${url}/health`, { agent: idle }, (answer) => answer.resume())
        const closed = once(asked, 'close').catch(() => {})
        asked.on('error', () => {}).end()
        return closed
      }),
    )
  await touch()
  const timer = setInterval(() => void touch(), 30_000)
  return () => {
    clearInterval(timer)
    idle.destroy()
  }
}

// Once, for what is filled once: compiled code, caches, the engine's buffers, the tables of connections.
await ask(Math.min(2000, requestCount))
const closeFirst = await openIdle()
closeFirst()
const before = await tell()
const closeIdle = await openIdle()
const withIdle = await tell()
const startedAt = performance.now()
await ask(requestCount)
const seconds = (performance.now() - startedAt) / 1000
closeIdle()
agent.destroy()
const after = await tell()
// All slots at once: one that is not free would keep its request waiting for good.
await Promise.all(Array.from({ length: parallel }, (_, index) => send('/v1/chat/completions', question(index))))
agent.destroy()
host.send('end')
await once(host, 'exit')
rmSync(folder, { recursive: true })

const megabytes = (bytes: number) => rounded(bytes / 1e6)
const row = (when: string, held: HeldByBoth): Row => ({
  when,
  'host MB': megabytes(held.rssBytes),
  'heap MB': megabytes(held.heapBytes),
  'engine MB': megabytes(held.engineBytes),
  sockets: held.resources.TCPSocketWrap ?? 0,
  timers: held.resources.Timeout ?? 0,
  'running requests': held.runningRequests,
  warnings: held.warnings,
})
report('soak', [
  row('before', before),
  row(`${connectionCount} idle connections`, withIdle),
  row(`after ${requestCount} requests`, after),
  {
    when: 'after / before',
    'host MB': percent(after.rssBytes / before.rssBytes),
    'heap MB': percent(after.heapBytes / before.heapBytes),
    'engine MB': percent(after.engineBytes / before.engineBytes),
  },
])
console.log(`${rounded(requestCount / seconds)} requests a second; unexpected answers:`, Object.fromEntries(unexpected))
