import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ask, demoModelPath, loadRequest, randomModel, slowModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'yangtuo-engine-'))

afterAll(() => rmSync(folder, { recursive: true }))

describe('with an engine that is killed', () => {
  const { supervisor, processes } = supervise()
  const request = loadRequest(randomModel(join(folder, 'slow.gguf'), slowModel))

  beforeAll(async () => {
    await supervisor.load(request)
  })
  afterAll(() => supervisor.unload())

  /** An answer that would take minutes, and a promise for its first words. */
  function startAnswer() {
    const begun = Promise.withResolvers<void>()
    const result = supervisor.generate(ask('tadu'), { onText: () => begun.resolve() })
    result.catch(begun.reject)
    return { result, begun: begun.promise }
  }

  function killEngine() {
    process.kill(processes.at(-1)!.pid!, 'SIGKILL')
  }

  const crash = { code: 'ENGINE_CRASHED', data: { model: '试验', reason: 'SIGKILL' } }

  test('kill -9 fails the running answer, and the next one runs in a new process', async () => {
    const { result, begun } = startAnswer()
    await begun
    killEngine()
    await expect(result).rejects.toMatchObject(crash)
    expect(supervisor.loadState).toMatchObject({ state: 'failed', failure: crash })
    expect(await supervisor.generate(ask('tadu', [], { maxTokens: 3 }))).toMatchObject({ answerTokens: 3 })
    expect(processes).toHaveLength(2)
  })

  // Bugs: an answer that is never told of the end, or told twice; a request that goes to the process that is gone.
  test('kill -9 amid several answers, and others that wait, fails each of them once, and the next are served', async () => {
    await supervisor.load(loadRequest(request.path, { slots: 3 }))
    const begun = [0, 1, 2].map(() => Promise.withResolvers<void>())
    let pieces = 0
    const settled: string[] = []
    const follow = (name: string, call: Promise<unknown>) =>
      call.then(() => settled.push(`${name} ended`), ({ code }) => settled.push(`${name} ${code}`))
    const calls = [0, 1, 2, 3, 4].map((index) => {
      const onText = () => {
        pieces++
        begun[index]?.resolve()
      }
      return follow(`answer ${index}`, supervisor.generate(ask(`tadu ${index}`), { onText }))
    })
    await Promise.all(begun.map(({ promise }) => promise))
    const others = [
      follow('count', supervisor.countText('nore '.repeat(200_000))),
      follow('embed', supervisor.embed(['nore '.repeat(300)])),
    ]
    killEngine()
    const next = supervisor.generate(ask('tadu', [], { maxTokens: 3 })).catch((error) => error)
    await Promise.all([...calls, ...others])
    expect(settled.toSorted()).toEqual([
      ...[0, 1, 2, 3, 4].map((index) => `answer ${index} ENGINE_CRASHED`),
      'count ENGINE_CRASHED',
      'embed ENGINE_CRASHED',
    ])
    const piecesBefore = pieces
    // Asked before the end was known, it goes with the others; asked after, it is served.
    expect(await next).toMatchObject({ code: 'ENGINE_CRASHED' })
    const answers = await Promise.all([1, 2, 3].map(() => supervisor.generate(ask('tadu', [], { maxTokens: 3 }))))
    expect(answers.map(({ answerTokens }) => answerTokens)).toEqual([3, 3, 3])
    expect(pieces).toBe(piecesBefore)
    expect(settled).toHaveLength(7)
  })

  test('three crashes in a row end the restarts until it is loaded by hand', async () => {
    for (let count = 0; count < 3; count++) {
      const { result, begun } = startAnswer()
      await begun
      killEngine()
      await expect(result).rejects.toMatchObject(crash)
    }
    const started = processes.length
    await expect(supervisor.generate(ask('tadu'))).rejects.toMatchObject({ code: 'ENGINE_UNSTABLE' })
    expect(supervisor.loadState).toMatchObject({ state: 'failed', failure: { code: 'ENGINE_UNSTABLE' } })
    expect(processes).toHaveLength(started)
    await supervisor.load(request)
    expect(await supervisor.generate(ask('tadu', [], { maxTokens: 3 }))).toMatchObject({ answerTokens: 3 })
  })

  test('unloading stops the answer it was writing and ends the process; the next request loads again', async () => {
    const { result, begun } = startAnswer()
    await begun
    await supervisor.unload()
    expect((await result).stopReason).toBe('stopped')
    expect(supervisor.loadState).toEqual({ state: 'unloaded' })
    expect(killEngine).toThrow('ESRCH')
    expect(await supervisor.countPrompt(ask('tadu').prompt)).toBeNull()
    expect(await supervisor.generate(ask('tadu', [], { maxTokens: 3 }))).toMatchObject({ answerTokens: 3 })
  })
})

describe('with models that load, or not', () => {
  const { supervisor, states } = supervise()
  afterEach(() => supervisor.unload())

  test('a cancelled load ends its process and says so', async () => {
    const cancel = new AbortController()
    const loading = supervisor.load(loadRequest(demoModelPath), { signal: cancel.signal })
    setTimeout(() => cancel.abort(), 150)
    await expect(loading).rejects.toMatchObject({ code: 'LOAD_CANCELLED', data: { path: demoModelPath } })
    expect(supervisor.loadState).toEqual({ state: 'unloaded' })
  })

  test('a second load wins over the first', async () => {
    const first = supervisor.load(loadRequest(demoModelPath))
    const second = supervisor.load(loadRequest(randomModel(join(folder, 'second.gguf'))))
    await expect(first).rejects.toMatchObject({ code: 'LOAD_CANCELLED' })
    expect((await second).template).toBe('llama-3-instruct')
    expect(states.at(-1)).toMatchObject({ state: 'ready' })
  })

  test('a model larger than the memory is refused with the numbers', async () => {
    const path = randomModel(join(folder, 'huge.gguf'), { dim: 32768, layers: 200, heads: 64, sparse: true })
    const refused = supervisor.load(loadRequest(path))
    await expect(refused).rejects.toMatchObject({
      code: 'NOT_ENOUGH_MEMORY',
      data: { path, neededBytes: expect.any(Number), availableBytes: expect.any(Number) },
    })
    expect(supervisor.loadState).toMatchObject({ state: 'failed', failure: { code: 'NOT_ENOUGH_MEMORY' } })
  })

  test('a file that llama.cpp refuses fails with its reason, and a vanished one with its path', async () => {
    const path = randomModel(join(folder, 'broken.gguf'))
    const file = readFileSync(path)
    file.write('X', file.indexOf('output_norm.weight'))
    writeFileSync(path, file)
    await expect(supervisor.load(loadRequest(path))).rejects.toMatchObject({
      code: 'LOAD_FAILED',
      data: { path, detail: expect.stringContaining('output_norm') },
    })
    const vanished = join(folder, 'vanished.gguf')
    await expect(supervisor.load(loadRequest(vanished))).rejects.toMatchObject({ code: 'FILE_MISSING' })
  })

  test('an answer stopped while its model loads is stopped, and the load goes on', async () => {
    const path = randomModel(join(folder, 'lazy.gguf'))
    await supervisor.load(loadRequest(path))
    await supervisor.unload()
    const stop = new AbortController()
    const answering = supervisor.generate(ask('tadu'), { signal: stop.signal })
    onTestFinished(() => stop.abort())
    stop.abort()
    expect(await answering).toMatchObject({ stopReason: 'stopped', answerTokens: 0 })
    await expect.poll(() => supervisor.loadState.state, { timeout: 10_000 }).toBe('ready')
  })
})
