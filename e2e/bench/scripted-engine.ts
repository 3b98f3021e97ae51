/**
 * An engine process whose answers are a given text at a given rate, for measuring the window: no model writes 20,000
 * tokens of Markdown here. All else is answered by a real engine behind it, so the model is really loaded.
 *
 * `YANGTUO_SCRIPT` is the path of the text, `YANGTUO_SCRIPT_RATE` how many tokens a second.
 */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { EngineEvent, EngineRequest, GenerateResult } from '../../src/shared/engine/messages.ts'

const script = readFileSync(process.env.YANGTUO_SCRIPT!, 'utf8')
const tokensPerSecond = Number(process.env.YANGTUO_SCRIPT_RATE)
/** About what a token of Chinese and code together has. */
const charactersPerToken = 3
/** A real engine merges tokens into pieces for so long. */
const pieceMs = 15

const engine = fork(resolve(import.meta.dirname, '../../src/engine/index.ts'), [], { serialization: 'advanced' })
const tell = (event: EngineEvent) => process.connected && process.send?.(event)
engine.on('message', (event) => tell(event as EngineEvent))
engine.on('exit', () => process.exit())
process.on('disconnect', () => {
  engine.kill('SIGKILL')
  process.exit()
})

const stopped = new Set<number>()
process.on('message', (request: EngineRequest) => {
  if (request.type === 'stop') stopped.add(request.id)
  if (request.type === 'call' && request.name === 'generate') void answer(request.id)
  else engine.send(request)
})

async function answer(id: number): Promise<void> {
  const startMs = performance.now()
  let at = 0
  while (at < script.length && !stopped.has(id)) {
    await new Promise((next) => setTimeout(next, pieceMs))
    const tokens = Math.floor(((performance.now() - startMs) / 1000) * tokensPerSecond)
    const end = Math.min(script.length, tokens * charactersPerToken)
    if (end > at) tell({ type: 'text', id, text: script.slice(at, end), answerTokens: Math.round(end / charactersPerToken) })
    at = Math.max(at, end)
  }
  const answerTokens = Math.round(at / charactersPerToken)
  const value: GenerateResult = {
    stopReason: 'end', promptTokens: 10, cachedTokens: 0, answerTokens, promptMs: 1,
    answerMs: performance.now() - startMs, seed: 1, stopText: null, draft: null,
  }
  tell({ type: 'result', id, value })
}
