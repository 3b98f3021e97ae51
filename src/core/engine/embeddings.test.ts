/** Vectors of texts beside answers, from a real engine. What the vectors are: engine/embedder.test.ts. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { ask, loadRequest, randomModel, slowModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼　embeddings '))
const { supervisor, processes } = supervise()
afterEach(() => supervisor.unload())
afterAll(() => rmSync(folder, { recursive: true }))

// Bugs: an answer that waits for, or is changed by, the texts that are read beside it; vectors that the answer changes.
test('texts are embedded while an answer is written, and neither is changed by the other', async () => {
  const path = randomModel(join(folder, 'slow.gguf'), { ...slowModel, layers: 4 })
  await supervisor.load(loadRequest(path, { contextSize: 1024 }))
  const texts = ['tadu', 'nore '.repeat(200), '从前有', 'sita lo']
  const answer = async (onText?: () => void) => {
    let text = ''
    await supervisor.generate(ask('tadu', [], { maxTokens: 60 }), {
      onText: (piece) => {
        text += piece
        onText?.()
      },
    })
    return text
  }
  const alone = await supervisor.embed(texts)
  expect(alone.vectors.map((vector) => vector.length)).toEqual([512, 512, 512, 512])
  expect(alone.vectors[0]).toBeInstanceOf(Float32Array)
  expect(alone.tokenCount).toBeGreaterThan(200)
  const plain = await answer()
  let pieces = 0
  const running = answer(() => void pieces++)
  await expect.poll(() => pieces, { interval: 2 }).toBeGreaterThan(0)
  const before = pieces
  const [beside, again] = await Promise.all([supervisor.embed(texts), supervisor.embed(texts.slice(2))])
  expect(pieces).toBeGreaterThan(before)
  expect(beside).toEqual(alone)
  expect(again.vectors).toEqual(alone.vectors.slice(2))
  expect(await running).toBe(plain)
}, 60_000)

test('a call is stopped at once, in a text too, and the next one is served', async () => {
  await supervisor.load(loadRequest(randomModel(join(folder, 'slow.gguf'), slowModel), { contextSize: 2048 }))
  const stop = new AbortController()
  const embedding = supervisor.embed(['tadu', 'nore '.repeat(1800), 'lo'], stop.signal)
  await new Promise((resume) => setTimeout(resume, 600))
  stop.abort()
  const { vectors } = await embedding
  expect(vectors.length).toBeLessThan(3)
  expect((await supervisor.embed(['tadu'])).vectors).toHaveLength(1)
  expect((await supervisor.embed(['tadu'], AbortSignal.abort())).vectors).toEqual([])
  expect(await supervisor.embed([])).toEqual({ vectors: [], tokenCount: 0 })
}, 60_000)

test('a text that does not fit the model is refused, and the engine goes on', async () => {
  await supervisor.load(loadRequest(randomModel(join(folder, 'r.gguf')), { contextSize: 256 }))
  const refused = supervisor.embed(['tadu', 'nore '.repeat(300)])
  await expect(refused).rejects.toMatchObject({ code: 'PROMPT_TOO_LONG', data: { contextSize: 256 } })
  const longest = 'nore '.repeat(250)
  const { promptTokens } = (await supervisor.countPrompt({ text: longest }))!
  expect(promptTokens).toBeGreaterThan(249)
  expect((await supervisor.embed([longest])).tokenCount).toBe(promptTokens)
})

test('an engine that ends by itself fails the call once, and the next is served by another', async () => {
  await supervisor.load(loadRequest(randomModel(join(folder, 'slow.gguf'), slowModel), { contextSize: 2048 }))
  const embedding = supervisor.embed(['nore '.repeat(1800)])
  await new Promise((resume) => setTimeout(resume, 200))
  process.kill(processes.at(-1)!.pid!, 'SIGKILL')
  await expect(embedding).rejects.toMatchObject({ code: 'ENGINE_CRASHED' })
  expect((await supervisor.embed(['tadu'])).vectors).toHaveLength(1)
}, 60_000)
