import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoModelPath } from '../../../core/core.fixture.ts'
import { FakeHub } from '../../../core/hubs/fake-hub.fixture.ts'
import { startApi, type TestApi } from '../api-server.fixture.ts'

let hub: FakeHub
let api: TestApi
beforeAll(async () => {
  hub = await FakeHub.start()
  Object.assign(process.env, hub.environment)
  // Other bytes than the demo model's, which is in the library already.
  const model = readFileSync(demoModelPath)
  await hub.put('hfl/tiny-gguf', {
    'tiny-Q4_K_M.gguf': Buffer.concat([model, Buffer.from('one')]),
    'tiny-Q8_0.gguf': Buffer.concat([model, Buffer.from('two')]),
  })
  api = await startApi({ settings: { hubSource: 'hugging-face' } })
})
afterAll(async () => {
  await api.close()
  await hub.close()
})

async function ask(path: string, body?: unknown) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(api.url + path, init)
  return { status: answer.status, body: await answer.json() }
}

interface Event {
  event: string
  data: ReturnType<typeof JSON.parse>
}

/** Of a stream without end the first `count`. */
async function events(path: string, body?: unknown, count = Infinity): Promise<Event[]> {
  const leave = new AbortController()
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(api.url + path, { ...init, signal: leave.signal })
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const found: Event[] = []
  let rest = ''
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split('\n\n')
    rest = parts.pop()!
    for (const part of parts) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(part)!
      found.push({ event: event!, data: JSON.parse(data!) })
    }
    if (found.length >= count) break
  }
  leave.abort()
  return found
}

async function modelNamed(name: string) {
  const { body } = await ask('/api/v1/models')
  return body.models.find(({ key }: { key: string }) => key === name)
}

// Bug: a program cannot tell which models are loaded, or how.
test('loads as told, lists it so, and unloads', async () => {
  expect(await modelNamed('endless')).toMatchObject({ load_state: 'unloaded', loaded_instances: [], format: 'gguf' })
  const loaded = await ask('/api/v1/models/load', { model: 'endless', context_length: 512, parallel: 2, ttl: 600 })
  expect(loaded).toMatchObject({ status: 200, body: { status: 'loaded', instance_id: 'endless' } })
  expect(await modelNamed('endless')).toMatchObject({
    load_state: 'ready',
    loaded_instances: [
      { id: 'endless', config: { context_length: 512, parallel: 2 }, loaded_by: 'hand', unloads_at: expect.any(String) },
    ],
  })
  const { unloads_at } = (await modelNamed('endless')).loaded_instances[0]
  expect(Date.parse(unloads_at) - Date.now()).toBeGreaterThan(500_000)
  const unloaded = await ask('/api/v1/models/unload', { instance_id: 'endless' })
  expect(unloaded).toEqual({ status: 200, body: { instance_id: 'endless' } })
  expect(await modelNamed('endless')).toMatchObject({ load_state: 'unloaded' })
})

test('tells of a load as it goes on', async () => {
  const told = await events('/api/v1/models/load', { model: 'endless', stream: true })
  expect(told[0]).toEqual({ event: 'model_load.start', data: { model_instance_id: 'endless' } })
  expect(told.at(-1)).toMatchObject({ event: 'model_load.end', data: { status: 'loaded' } })
  for (const { event } of told.slice(1, -1)) expect(event).toBe('model_load.progress')
  const { status, body } = await ask('/api/v1/models/load', { model: 'nothing', stream: true })
  expect({ status, code: body.error.code }).toEqual({ status: 404, code: 'MODEL_UNKNOWN' })
})

test('describes one model, with what the file says and whether it fits', async () => {
  const { status, body } = await ask('/api/v1/models/yangtuo-demo')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    key: 'yangtuo-demo',
    architecture: 'llama',
    metadata: { 'general.architecture': 'llama' },
    fit: { verdict: expect.stringMatching(/^fits/) },
  })
})

// Bug: a reference that a person would understand downloads nothing, or the wrong file.
test('downloads by reference, tells how far it is, and then has the model', async () => {
  const told = await events('/api/v1/models/download', { model: 'hfl/tiny-gguf:Q8_0', stream: true })
  expect(told.at(-1)).toMatchObject({
    event: 'download.completed',
    data: { status: 'completed', model: 'hfl/tiny-gguf:Q8_0', downloaded_bytes: told.at(-1)!.data.total_size_bytes },
  })
  const { job_id } = told.at(-1)!.data
  expect(await ask(`/api/v1/models/download/status/${job_id}`)).toMatchObject({ status: 200, body: { job_id } })
  expect((await ask('/api/v1/models/download/status')).body.downloads).toMatchObject([{ job_id, status: 'completed' }])
  expect(await modelNamed('tiny-q8_0')).toMatchObject({ publisher: 'hfl' })
  // Without a quantization: the one that is recommended.
  expect((await ask('/api/v1/models/download', { model: 'hfl/tiny-gguf' })).body.model).toMatch(/^hfl\/tiny-gguf:Q/)
})

test('says what cannot be downloaded', async () => {
  const code = async (model: string) => (await ask('/api/v1/models/download', { model })).body.error.code
  expect(await code('no reference at all')).toBe('REFERENCE_INVALID')
  expect(await code('hfl/not-there')).toBe('HUB_NOT_FOUND')
  const none = await ask('/api/v1/models/download/status/none')
  expect(none).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } })
})

// Bug: prompts of others can be read although nobody has switched the log on.
test('streams the exact prompts and answers, only when they are logged', async () => {
  expect(await ask('/api/v1/logs')).toMatchObject({ status: 409, body: { error: { code: 'PROMPT_LOG_OFF' } } })
  await api.client.settings.update({ apiLogsPrompts: true })
  const log = events('/api/v1/logs', undefined, 2)
  await new Promise((resolve) => setTimeout(resolve, 200))
  const messages = [{ role: 'user', content: '你好' }]
  await ask('/v1/chat/completions', { model: 'yangtuo-demo', messages, max_tokens: 8 })
  const [start, entry] = await log
  expect(start!.event).toBe('log.start')
  expect(entry).toMatchObject({ event: 'log.entry', data: { endpoint: '/v1/chat/completions', model: 'yangtuo-demo' } })
  expect(entry!.data.prompt).toContain('你好')
  expect(entry!.data.answer).not.toBe('')
})
