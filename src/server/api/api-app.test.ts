import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestText, startApi, statusOf, type TestApi } from './api-server.fixture.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ limits: { bodyBytes: 100_000, bodyStallMs: 300, requestMs: 3000 } })
  await post('/api/v1/models/load', { model: 'endless', context_length: 8192, parallel: 1 })
})
afterAll(() => api.close())

async function post(path: string, body: unknown, init: RequestInit = {}) {
  const answer = await fetch(api.url + path, { method: 'POST', body: JSON.stringify(body), ...init })
  return { status: answer.status, body: await answer.json() }
}

const chat = (more = {}) => ({ model: 'endless', messages: [{ role: 'user', content: 'hi' }], ...more })

async function until(isSo: () => Promise<boolean> | boolean): Promise<number> {
  const startedAt = performance.now()
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
  return performance.now() - startedAt
}

async function runningRequests(): Promise<number> {
  for await (const { requests } of await api.client.apiServer.watchActivity()) return requests.length
  return 0
}

// Bug: a client that left is answered to the end, and its slot is taken from others for minutes.
test.each([true, false])('a client that leaves frees its slot at once (streamed: %s)', async (stream) => {
  const leave = new AbortController()
  const asked = fetch(`${api.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(chat({ stream })),
    signal: leave.signal,
  })
  asked.catch(() => {})
  await until(async () => (await runningRequests()) === 1)
  // Well into the answer.
  await new Promise((resolve) => setTimeout(resolve, 300))
  leave.abort()
  expect(await until(async () => (await runningRequests()) === 0)).toBeLessThan(250)
  // There is one slot: an answer to this proves that it is free.
  const startedAt = performance.now()
  expect((await post('/v1/chat/completions', chat({ max_tokens: 1 }))).status).toBe(200)
  expect(performance.now() - startedAt).toBeLessThan(1000)
})

// Bug: a connection that is cut instead of closed, such as by a laptop's lid, is never noticed.
test('a connection that breaks frees its slot too', async () => {
  const body = JSON.stringify(chat({ stream: true }))
  const socket = connect(api.port, '127.0.0.1')
  socket.write(requestText('/v1/chat/completions', { connection: 'keep-alive' }, 'POST', body))
  await new Promise((resolve) => socket.once('data', resolve))
  expect(await runningRequests()).toBe(1)
  socket.resetAndDestroy()
  expect(await until(async () => (await runningRequests()) === 0)).toBeLessThan(250)
})

// Bug: a reader that stops reading fills the memory of the host with what it does not take.
test('a slow reader does not hold up others', async () => {
  const socket = connect(api.port, '127.0.0.1')
  const body = JSON.stringify(chat({ stream: true, max_tokens: 3000 }))
  socket.write(requestText('/v1/chat/completions', {}, 'POST', body))
  await new Promise((resolve) => socket.once('data', resolve))
  socket.pause()
  expect((await fetch(`${api.url}/v1/models`)).status).toBe(200)
  socket.destroy()
  await until(async () => (await runningRequests()) === 0)
})

// Bug: `curl -d` says it sends a form, and is refused.
test('reads JSON whatever it is called', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  expect((await post('/v1/chat/completions', chat({ max_tokens: 1 }), { headers })).status).toBe(200)
})

test.each([
  ['empty', '', 'body'],
  ['no JSON', '{"model":', 'body'],
  ['nested too deep', '['.repeat(5000) + ']'.repeat(5000), 'body'],
  ['no object', '[1]', 'body'],
  ['a wrong type', '{"model":"endless","messages":7}', 'messages'],
  ['a wrong role', '{"model":"endless","messages":[{"role":"king","content":"hi"}]}', 'messages[0].role'],
])('says what is wrong with a body: %s', async (_name, body, field) => {
  const answer = await fetch(`${api.url}/v1/chat/completions`, { method: 'POST', body })
  expect(answer.status).toBe(400)
  const { error } = await answer.json()
  expect(error).toMatchObject({ type: 'invalid_request_error', param: field })
})

test('refuses what is not UTF-8, too large, or packed', async () => {
  const status = async (body: BodyInit, headers: Record<string, string> = {}) =>
    (await fetch(`${api.url}/v1/chat/completions`, { method: 'POST', body, headers })).status
  expect(await status(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toBe(400)
  expect(await status('{}', { 'content-encoding': 'gzip' })).toBe(415)
  expect(await status('x'.repeat(100_001))).toBe(413)
  // Without a length beforehand.
  const head = requestText('/v1/chat/completions', { 'transfer-encoding': 'chunked' }, 'POST')
  const chunked = head.replace(/content-length: 0\r\n/, '')
  const chunk = `${(60_000).toString(16)}\r\n${'x'.repeat(60_000)}\r\n`
  expect(statusOf(await api.send(`${chunked}${chunk}${chunk}0\r\n\r\n`))).toBe(413)
})

// Bug: a few hundred half-sent requests keep all connections (slow loris).
test('gives up a body that does not come, and a head that does not end', async () => {
  const half = requestText('/v1/chat/completions', { 'content-length': '100' }, 'POST', '{"model":')
  expect(statusOf(await api.send(half))).toBe(408)
  expect(statusOf(await api.send('GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: '))).toBe(408)
})

test('answers what is no HTTP with 400, and goes on', async () => {
  expect(statusOf(await api.send('hello there\r\n\r\n'))).toBe(400)
  expect(statusOf(await api.send(`GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`))).toBe(431)
  expect((await fetch(`${api.url}/health`)).status).toBe(200)
})

test('tells its health, whether it is ready, and figures', async () => {
  const get = async (path: string) => {
    const answer = await fetch(api.url + path)
    return { status: answer.status, text: await answer.text() }
  }
  expect(await get('/')).toMatchObject({ status: 200, text: expect.stringContaining('Yangtuo') })
  expect(await get('/health')).toMatchObject({ status: 200, text: '{"status":"ok","version":"0.0.0"}' })
  expect((await get('/ready')).status).toBe(200)
  expect((await get('/ready?model=endless')).status).toBe(200)
  expect((await get('/ready?model=nothing')).status).toBe(404)
  const { text } = await get('/metrics')
  expect(text).toMatch(/^yangtuo_http_requests_total\{.*endpoint="\/v1\/chat\/completions",status="200"\} [1-9]/m)
  expect(text).toMatch(/^yangtuo_http_requests_total\{.*status="499"\} [1-9]/m)
  expect(text).toMatch(/^yangtuo_tokens_total\{direction="out"\} [1-9]/m)
  expect(text).toMatch(/^yangtuo_models_loaded [12]$/m)
  expect(text).toMatch(/^yangtuo_requests_running 0$/m)
  expect(text).toMatch(/^process_resident_memory_bytes \d{7,}/m)
})

// Bug: what a client does, such as leaving at any moment, is taken for a defect of ours.
test('nothing of this was a defect', () => {
  expect(api.errors).toEqual([])
})
