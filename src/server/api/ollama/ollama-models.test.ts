/** Models made, copied, shown, pulled and deleted by the official client. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProgressResponse } from 'ollama'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoModelPath } from '../../../core/core.fixture.ts'
import { FakeHub } from '../../../core/hubs/fake-hub.fixture.ts'
import { phase3Modelfile } from './modelfile.fixture.ts'
import { answer, demo, endless, failureOf, question, startOllama, type OllamaServer } from './ollama.fixture.ts'

const modelFile = readFileSync(demoModelPath)
const environment = { ...process.env }
let hub: FakeHub
let api: OllamaServer

beforeAll(async () => {
  hub = await FakeHub.start()
  Object.assign(process.env, hub.environment)
  api = await startOllama({ settings: { hubSource: 'hugging-face' } })
}, 60_000)
afterAll(async () => {
  await api.close()
  await hub.close()
  process.env = environment
})

const messages = [{ role: 'user', content: question }]
const statusesOf = (parts: ProgressResponse[]) => parts.map(({ status }) => status)

async function all<T>(stream: Promise<AsyncIterable<T>>): Promise<T[]> {
  const parts: T[] = []
  for await (const part of await stream) parts.push(part)
  return parts
}

describe('/api/create', () => {
  // Catches the tutorial's two commands (`ollama create llama3-zh-inst -f Modelfile`, `ollama run …`) not working.
  test('makes a model of the Modelfile of Chinese-LLaMA-Alpaca-3', async () => {
    const modelfile = phase3Modelfile.replace(/^FROM .*/, `FROM ${demoModelPath}`)
    const { status, body } = await api.send('/api/create', { name: 'llama3-zh-inst', modelfile, stream: false })
    expect({ status, body }).toEqual({ status: 200, body: { status: 'success' } })
    const made = { model: 'llama3-zh-inst:latest', messages, options: { temperature: 0 } }
    // As many tokens as the model's own template makes of the Modelfile's system prompt and the same question.
    const system = { role: 'system', content: 'You are a helpful assistant. 你是一个乐于助人的助手。' }
    const own = await api.ollama.chat(made)
    const same = await api.ollama.chat({ ...made, model: demo, messages: [system, ...messages] })
    expect(own.prompt_eval_count).toBe(same.prompt_eval_count)
    expect(own.message.content).toBe(same.message.content)
    const shown = await api.ollama.show({ model: 'llama3-zh-inst' })
    expect(shown.system).toBe('You are a helpful assistant. 你是一个乐于助人的助手。')
    expect(shown.template).toContain('{{ if .System }}<|start_header_id|>system<|end_header_id|>')
    expect(shown.parameters.split('\n').map((line) => line.split(/\s+/))).toEqual([
      ['temperature', '0.2'],
      ['num_keep', '24'],
      ['stop', '"<|start_header_id|>"'],
      ['stop', '"<|end_header_id|>"'],
      ['stop', '"<|eot_id|>"'],
    ])
    expect(shown.modelfile).toContain(`\nFROM ${demo}\n`)
    const { models } = await api.ollama.list()
    const listed = models.find(({ name }) => name === 'llama3-zh-inst')
    expect(listed!.details).toMatchObject({ format: 'gguf', family: 'llama', quantization_level: 'Q8_0' })
    const loaded = (await api.ollama.ps()).models.map(({ name }) => name)
    expect(loaded).toContain('llama3-zh-inst')
  })

  test('takes the fields of newer clients, on top of a model that was made before', async () => {
    const base = await api.ollama.create({
      model: '助手/一号:v1',
      from: demo,
      system: '你是助手。',
      parameters: { temperature: 0, stop: ['巴黎', '罗马'], num_ctx: 512 },
      stream: false,
    })
    expect(base).toEqual({ status: 'success' })
    const lines = await all(
      api.ollama.create({ model: '二号', from: '助手/一号:v1', parameters: { seed: 1 }, stream: true }),
    )
    expect(statusesOf(lines).at(-1)).toBe('success')
    const shown = await api.ollama.show({ model: '二号' })
    expect(shown.system).toBe('你是助手。')
    expect(shown.parameters).toMatch(/num_ctx\s+512/)
    expect(shown.parameters).toMatch(/seed\s+1/)
    await api.ollama.generate({ model: '二号', prompt: '' })
    const running = (await api.ollama.ps()).models.find(({ name }) => name === '二号')
    expect(running).toMatchObject({ context_length: 512 })
  })

  // Catches a model that is made of half of what was asked for, and paths that reach the disk.
  test.each([
    [{ from: demo, model: 'x y' }, 'model'],
    [{ from: demo, model: demo }, 'model'],
    [{ model: 'x' }, 'from'],
    [{ model: 'x', from: demo, template: '{{ .Prompt | shout }}' }, 'shout'],
    [{ model: 'x', from: demo, parameters: { tempreature: 1 } }, 'tempreature'],
    [{ model: 'x', from: demo, parameters: { num_ctx: 'many' } }, 'num_ctx'],
    [{ model: 'x', from: demo, quantize: 'q4_0' }, 'quantize'],
    [{ model: 'x', from: demo, adapters: { 'a.gguf': '/etc/passwd' } }, 'adapter'],
    [{ model: 'x', modelfile: `FROM ${demo}\nMESSAGE user 你好` }, 'MESSAGE'],
    [{ model: 'x', modelfile: `FROM ${demo}\nTEMPLAT x` }, 'line 2'],
    [{ model: 'x', path: '/etc/passwd' }, 'path'],
  ])('refuses %j', async (body, word) => {
    const { status, body: failure } = await api.send('/api/create', body)
    expect(status).toBe(400)
    expect(failure!['error']).toContain(word)
    expect((await api.ollama.list()).models.map(({ name }) => name)).not.toContain('x')
  })

  test.each(['/etc/passwd', '../../etc/passwd', `${demoModelPath}/../../package.json`, 'no-such-model'])(
    'knows no model %s',
    async (from) => {
      expect(await api.send('/api/create', { model: 'x', from })).toMatchObject({ status: 404 })
    },
  )
})

describe('/api/copy and /api/delete', () => {
  test('copy a model, and delete the copy only', async () => {
    await api.ollama.copy({ source: demo, destination: 'gpt-3.5-turbo' })
    const { message } = await api.ollama.chat({ model: 'gpt-3.5-turbo', messages, options: { temperature: 0 } })
    expect(message.content).toBe(answer)
    await api.ollama.delete({ model: 'gpt-3.5-turbo' })
    expect(await failureOf(api.ollama.show({ model: 'gpt-3.5-turbo' }))).toMatchObject({ status_code: 404 })
    expect((await api.ollama.list()).models.map(({ name }) => name)).toContain(demo)
    expect(await failureOf(api.ollama.delete({ model: 'no-such' }))).toMatchObject({ status_code: 404 })
    expect(await api.send('/api/copy', { source: demo, destination: endless })).toMatchObject({ status: 400 })
  })

  test('delete takes a model out of the library', async () => {
    const revision = await hub.put('someone/gone-GGUF', { 'gone.gguf': modelFile })
    expect(revision).not.toBe('')
    await api.ollama.pull({ model: 'someone/gone-GGUF' })
    await api.ollama.delete({ model: 'gone' })
    expect(await failureOf(api.ollama.show({ model: 'gone' }))).toMatchObject({ status_code: 404 })
  })
})

describe('/api/pull', () => {
  test('downloads what is named, tells how far it is, and can be asked then', async () => {
    await hub.put('someone/llama-GGUF', { 'llama-q8_0.gguf': modelFile, 'llama-q4_0.gguf': modelFile.subarray(0, 999) })
    const lines = await all(api.ollama.pull({ model: 'hf.co/someone/llama-GGUF:Q8_0', stream: true }))
    expect(lines[0]).toEqual({ status: 'pulling manifest' })
    expect(lines.at(-1)).toEqual({ status: 'success' })
    const pulling = lines.filter(({ digest }) => digest)
    expect(pulling.length).toBeGreaterThan(0)
    for (const line of pulling) {
      expect(line.status).toBe(`pulling ${line.digest.slice(7, 19)}`)
      expect(line.total).toBe(modelFile.length)
      expect(line.completed).toBeLessThanOrEqual(line.total)
    }
    expect(pulling.at(-1)!.completed).toBe(modelFile.length)
    const asked = { model: 'hf.co/someone/llama-GGUF:Q8_0', messages, options: { temperature: 0 } }
    const { message } = await api.ollama.chat(asked)
    expect(message.content).toBe(answer)
    // What is here needs no hub.
    expect(await api.ollama.pull({ model: 'llama-q8_0' })).toEqual({ status: 'success' })
    // Ollama's own client asks before it sends a file.
    const { models } = await api.client.models.list()
    const { sha256 } = models.find(({ fileName }) => fileName === 'llama-q8_0.gguf')!
    const has = async (digest: string) => {
      return (await fetch(`${api.url}/api/blobs/sha256:${digest}`, { method: 'HEAD' })).status
    }
    expect(await Promise.all([has(sha256!), has('0'.repeat(64))])).toEqual([200, 404])
    expect(await api.send(`/api/blobs/sha256:${'0'.repeat(64)}`, {})).toMatchObject({ status: 400 })
    const files = { 'm.gguf': `sha256:${sha256!}` }
    expect(await api.send('/api/create', { model: 'of-blob', files, stream: false })).toMatchObject({ status: 200 })
  })

  test('fails with what the hub says', async () => {
    expect(await failureOf(api.ollama.pull({ model: 'someone/nothing' }))).toMatchObject({ status_code: 404 })
    expect(await api.send('/api/pull', {})).toMatchObject({ status: 400 })
    await hub.put('someone/broken-GGUF', { 'broken.gguf': Buffer.from('no model') })
    const broken = all(api.ollama.pull({ model: 'someone/broken-GGUF', stream: true }))
    expect((await failureOf(broken)).message).toContain('broken')
  })

  // Catches gigabytes that come in for a client that is gone, and a second client that is left in the air.
  test('pauses when the last client that waits for it leaves, and goes on when asked again', async () => {
    await hub.put('someone/slow-GGUF', { 'slow.gguf': modelFile })
    hub.huggingFace.cdn.faults.bytesPerSecond = 200_000
    const first = await api.ollama.pull({ model: 'someone/slow-GGUF', stream: true })
    const second = await api.ollama.pull({ model: 'someone/slow-GGUF', stream: true })
    const stateOf = async () => {
      for await (const event of await api.client.downloads.watch()) {
        if (event.type !== 'downloads') continue
        return event.downloads.find(({ repository }) => repository === 'someone/slow-GGUF')!.state
      }
      throw new Error('the stream ended')
    }
    const leave = async (stream: typeof first) => {
      const reading = (async () => {
        for await (const line of stream) if (line.total) stream.abort()
      })()
      await failureOf(reading)
    }
    await leave(first)
    await sleep(300)
    expect(await stateOf()).toBe('downloading')
    await leave(second)
    await expect.poll(stateOf).toBe('paused')
    hub.huggingFace.cdn.faults.bytesPerSecond = null
    expect(await api.ollama.pull({ model: 'someone/slow-GGUF' })).toEqual({ status: 'success' })
  })
})

test('what there is no use for is refused in words', async () => {
  expect(await api.send('/api/push', { model: demo })).toMatchObject({ status: 400 })
  expect(await api.ollama.version()).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string })
})
