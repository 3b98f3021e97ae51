/**
 * Several requests at once: through the engine supervisor, through node-llama-cpp alone, and through the raw library
 * with the same batch on the same threads. They take turns and are compared within each round, so that other work on
 * the machine hits all of them alike. Tokens a second are of all requests together, from the first request to the
 * last end, prompts included. Servers with OpenAI's /v1/completions are measured as well where they are given:
 *
 *   npm run bench -- parallel [--rounds 3] [--threads 1] [--types Q8_0,Q4_K_M,F16] [--parallel 1,2,4,8]
 *                            [--tokens 128]
 *   YANGTUO_LLAMA_SERVER=<path of llama-server>   started with the same model, threads and slots
 *   YANGTUO_API_URL=http://127.0.0.1:1234         ours; started by hand with the model as YANGTUO_API_MODEL,
 *                                                 and its key as YANGTUO_API_KEY if it wants one
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { EngineSupervisor } from '../../src/core/engine/engine-supervisor.ts'
import { nodeEngineStarter } from '../../src/core/engine/node-engine-starter.ts'
import { defaultLoadSettings } from '../../src/shared/lib/default-load-settings.ts'
import { defaultSampling } from '../../src/shared/lib/sampling.ts'
import { midModel } from '../support/random-models.ts'
import { measureInProcess, median, percent, report, rounded, type Row } from './report.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: String(Math.max(1, availableParallelism() - 1)) },
    types: { type: 'string', default: 'Q8_0,Q4_K_M,F16' },
    parallel: { type: 'string', default: '1,2,4,8' },
    tokens: { type: 'string', default: '128' },
  },
})
const threads = Number(values.threads)
const answerTokens = Number(values.tokens)
const contextSize = 1024
const serverPort = 18_231

interface Measured {
  tokensPerSecond: number
  /** Of the request that waited longest for it. */
  firstTokenMs: number
  /** How long the slowest request took, by the fastest. */
  unevenness: number
}
/** Resolves when the answer is written. */
type Write = (prompt: string, onToken: () => void) => Promise<void>

let promptCount = 0

/** Each request has a prompt that no cache knows, of about 40 tokens. */
async function measure(parallel: number, write: Write): Promise<Measured> {
  const startedAt = performance.now()
  const requests = Array.from({ length: parallel }, async () => {
    let firstTokenAt = 0
    await write(`${promptCount++} tana reki lomu sibe `.repeat(4), () => (firstTokenAt ||= performance.now()))
    return { firstTokenMs: firstTokenAt - startedAt, totalMs: performance.now() - startedAt }
  })
  const done = await Promise.all(requests)
  const totals = done.map(({ totalMs }) => totalMs)
  return {
    tokensPerSecond: (parallel * answerTokens * 1000) / Math.max(...totals),
    firstTokenMs: Math.max(...done.map(({ firstTokenMs }) => firstTokenMs)),
    unevenness: Math.max(...totals) / Math.min(...totals),
  }
}

const sampling = { ...defaultSampling, temperature: 0, repeatPenalty: 1, maxTokens: answerTokens }
const log = { info: () => {}, warn: console.error, error: console.error }
let promptTokens = 0

async function openEngine(path: string, slots: number) {
  const starter = nodeEngineStarter(resolve(import.meta.dirname, '../../src/engine/index.ts'), log)
  const supervisor = new EngineSupervisor({ modelName: path, starter, log })
  const settings = { ...defaultLoadSettings, slots, contextSize, adapters: [], draft: { type: 'none' as const } }
  await supervisor.load({ path, gpu: 'cpu', automaticThreads: threads, automaticSlots: 1, settings, force: false })
  const write: Write = async (text, onToken) => {
    const result = await supervisor.generate({ prompt: { text }, sampling }, { onText: onToken })
    if (result.answerTokens !== answerTokens) throw new Error(`The answer ended after ${result.answerTokens} tokens`)
    promptTokens = result.promptTokens
  }
  return { write, close: () => supervisor.unload() }
}

async function openLlamaServer(program: string, path: string, slots: number) {
  const options = { '-m': path, '-np': slots, '-c': contextSize * slots, '-t': threads, '--port': serverPort }
  const server = spawn(program, Object.entries(options).flat().map(String), { stdio: 'ignore' })
  const url = `http://127.0.0.1:${serverPort}`
  while (!(await fetch(`${url}/health`).then(({ ok }) => ok, () => false))) {
    if (server.exitCode !== null) throw new Error(`${program} ended with ${server.exitCode}`)
    await sleep(100)
  }
  return { write: writeThrough(url, ''), close: () => closed(server) }
}

function closed(server: ChildProcess): Promise<void> {
  server.kill('SIGKILL')
  return new Promise((resolve) => server.once('exit', () => resolve()))
}

function writeThrough(url: string, model: string): Write {
  return async (prompt, onToken) => {
    const { YANGTUO_API_KEY: key } = process.env
    const response = await fetch(`${url}/v1/completions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ model, prompt, stream: true, temperature: 0, max_tokens: answerTokens }),
    })
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
    for await (const _ of response.body!) onToken()
  }
}

const medianOf = (all: Measured[], name: keyof Measured) => median(all.map((measured) => measured[name]))
const { YANGTUO_LLAMA_SERVER: llamaServer, YANGTUO_API_URL: apiUrl, YANGTUO_API_MODEL: apiModel = '' } = process.env
const rows: Row[] = []
for (const type of values.types.split(',') as Parameters<typeof midModel>[0][]) {
  const path = midModel(type)
  for (const parallel of values.parallel.split(',').map(Number)) {
    const slots = Math.max(4, parallel)
    const engine = await openEngine(path, slots)
    const server = llamaServer ? await openLlamaServer(llamaServer, path, slots) : null
    const ways: Record<string, () => Promise<Measured>> = {
      engine: () => measure(parallel, engine.write),
      raw: () => measureInProcess('raw-parallel.ts', [path, threads, promptTokens, answerTokens, parallel]),
      'node-llama-cpp': () => measureInProcess('bare-parallel.ts', [path, threads, promptTokens, answerTokens, parallel]),
      ...(server && { 'llama-server': () => measure(parallel, server.write) }),
      ...(apiUrl && { api: () => measure(parallel, writeThrough(apiUrl, apiModel)) }),
    }
    await measure(parallel, engine.write)
    const results = new Map<string, Measured[]>(Object.keys(ways).map((way) => [way, []]))
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [way, measureWay] of Object.entries(ways)) results.get(way)!.push(await measureWay())
    }
    await Promise.all([engine.close(), server?.close()])
    const ofEngine = results.get('engine')!
    const row: Row = { model: `207 M ${type}`, parallel, 'engine tok/s': rounded(medianOf(ofEngine, 'tokensPerSecond')) }
    for (const [way, all] of results) {
      if (way === 'engine') continue
      const ratios = ofEngine.map((measured, round) => measured.tokensPerSecond / all[round]!.tokensPerSecond)
      row[`engine / ${way}`] = percent(median(ratios))
    }
    for (const [way, all] of results) row[`first token ${way} ms`] = rounded(medianOf(all, 'firstTokenMs'), 0)
    row['slowest / fastest request'] = rounded(medianOf(ofEngine, 'unevenness'), 2)
    rows.push(row)
    console.log(JSON.stringify(row))
  }
}
report('parallel', rows)
