/**
 * What the HTTP server costs: decode speed through `/v1/completions` of a headless host against an engine that is
 * asked without it (the same model and threads, taking turns), and how much later than the engine wrote it the first
 * token arrives. The prompts are too short for their reading to matter.
 *
 *   npm run bench -- api [--rounds 5]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { EngineSupervisor } from '../../src/core/engine/engine-supervisor.ts'
import { nodeEngineStarter } from '../../src/core/engine/node-engine-starter.ts'
import { defaultLoadSettings } from '../../src/shared/lib/default-load-settings.ts'
import { defaultSampling } from '../../src/shared/lib/sampling.ts'
import { connectClient } from '../support/client.ts'
import { freePort } from '../support/free-port.ts'
import { startHeadlessHost } from '../support/headless-host.ts'
import { midModel } from '../support/random-models.ts'
import { median, percent, report, rounded, type Row } from './report.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const rounds = Number(values.rounds)
const threads = Math.max(1, availableParallelism() - 1)
const answerTokens = 192
const contextSize = 1024
const firstTokenRequests = 20

interface Timings {
  prompt_ms: number
  queue_ms: number
}

let promptCount = 0
/** One that no cache knows. */
const newPrompt = () => `${promptCount++} tana reki lomu sibe`

const dataDirectory = await mkdtemp(join(tmpdir(), 'yangtuo-bench-'))
const host = await startHeadlessHost(dataDirectory)
const { client, close } = await connectClient(host.address)
const port = await freePort()
await client.settings.update({ apiServerPort: port, threads })
await client.apiServer.switch({ isOn: true })

const rows: Row[] = []
for (const type of ['Q8_0', 'Q4_K_M', 'F16'] as const) {
  const path = midModel(type)
  const { id: modelId } = await client.models.importFile({ path })
  await client.models.saveLoadOverrides({ modelId, loadOverrides: { contextSize } })
  await client.models.load({ modelId })
  const name = (await client.inference.models()).find((model) => model.modelId === modelId)!.name
  const engine = await openEngine(path)
  await ask(name, 16)
  await askEngine(engine, 16)

  const speeds = { api: [] as number[], engine: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    speeds.api.push((await ask(name, answerTokens)).tokensPerSecond)
    speeds.engine.push(await askEngine(engine, answerTokens))
  }
  const late: number[] = []
  for (let i = 0; i < firstTokenRequests; i++) {
    const { firstTextMs, timings } = await ask(name, 4)
    late.push(firstTextMs - timings.prompt_ms)
  }
  await engine.unload()
  await client.models.unload({ modelId })
  rows.push({
    model: `207 M ${type}`,
    'API tok/s': rounded(median(speeds.api)),
    'engine tok/s': rounded(median(speeds.engine)),
    'API / engine': percent(median(speeds.api.map((speed, round) => speed / speeds.engine[round]!))),
    'first token later by, median ms': rounded(median(late)),
    'longest ms': rounded(Math.max(...late)),
  })
}
close()
await host.stop()
await rm(dataDirectory, { recursive: true, force: true })
report('api', rows)

/** A streamed completion; its speed is that of the text's arrival. */
async function ask(model: string, tokens: number) {
  const startMs = performance.now()
  const body = { model, prompt: newPrompt(), stream: true, temperature: 0, repeat_penalty: 1, max_tokens: tokens }
  const response = await fetch(`http://127.0.0.1:${port}/v1/completions`, { method: 'POST', body: JSON.stringify(body) })
  let firstTextMs = 0
  let lastTextMs = 0
  let timings: Timings | null = null
  let unread = ''
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    unread += piece
    const lines = unread.split('\n\n')
    unread = lines.pop()!
    for (const line of lines) {
      if (!line.startsWith('data: {')) continue
      const chunk = JSON.parse(line.slice('data: '.length)) as { choices: { text: string }[]; timings?: Timings }
      timings = chunk.timings ?? timings
      if (!chunk.choices[0]?.text) continue
      lastTextMs = performance.now() - startMs
      firstTextMs ||= lastTextMs
    }
  }
  if (!timings) throw new Error(`The answer of ${model} has no end`)
  return { tokensPerSecond: ((tokens - 1) * 1000) / (lastTextMs - firstTextMs), firstTextMs, timings }
}

async function openEngine(path: string): Promise<EngineSupervisor> {
  const log = { info: () => {}, warn: console.error, error: console.error }
  const starter = nodeEngineStarter(resolve(import.meta.dirname, '../../src/engine/index.ts'), log)
  const supervisor = new EngineSupervisor({ modelName: path, starter, log })
  const settings = { ...defaultLoadSettings, contextSize, adapters: [], draft: { type: 'none' as const } }
  await supervisor.load({ path, gpu: 'cpu', automaticThreads: threads, automaticSlots: 4, settings, force: false })
  return supervisor
}

async function askEngine(engine: EngineSupervisor, maxTokens: number): Promise<number> {
  const sampling = { ...defaultSampling, temperature: 0, repeatPenalty: 1, maxTokens }
  const { answerTokens: count, answerMs } = await engine.generate({ prompt: { text: newPrompt() }, sampling })
  return ((count - 1) * 1000) / answerMs
}
