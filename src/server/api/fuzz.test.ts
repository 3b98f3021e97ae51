/**
 * Thousands of malformed requests over real sockets, to every route there is, on the whole application. Whatever
 * comes, each connection ends, nothing is answered with 5xx, nothing is logged as a defect, and afterwards
 * the server answers as before.
 */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiServices } from '../../core/api-server/api-services.ts'
import { createApiApp } from './api-app.ts'
import type { RequestLimits } from './api-env.ts'
import { requestText, startApi, type TestApi } from './api-server.fixture.ts'

const seed = 20_240_519
const atOnce = 48
const limits: RequestLimits = { bodyBytes: 200_000, bodyStallMs: 400, requestMs: 2000 }

let api: TestApi
beforeAll(async () => {
  // Nothing is asked of a hub.
  for (const name of ['HF_ENDPOINT', 'YANGTUO_HF_MIRROR_ENDPOINT', 'YANGTUO_MODELSCOPE_ENDPOINT']) {
    process.env[name] = 'http://127.0.0.1:9'
  }
  api = await startApi({ limits })
})
afterAll(() => api.close())

/** As they are mounted, without the placeholders of their paths. */
const app = createApiApp({} as ApiServices, { host: '127.0.0.1', port: 0, needsKey: false }, limits)
const handlers = app.routes.filter(({ method }) => method !== 'ALL')
const routes = [...new Set(handlers.map(({ method, path }) => `${method} ${path}`))].map((route) => {
  const [method, path] = route.split(' ') as [string, string]
  return { method, path: path.replace(/\/:[^/]+/g, '/nothing') }
})
const posts = routes.filter(({ method }) => method === 'POST')

/** A field for every reader of a body. Models that are not there, so that what passes is answered with 404. */
const fields: Record<string, unknown> = {
  model: 'nothing',
  name: 'nothing',
  instance_id: 'nothing',
  source: 'nothing',
  destination: 'copy',
  from: 'nothing',
  modelfile: 'FROM nothing',
  messages: [{ role: 'user', content: 'hi' }],
  prompt: 'hi',
  input: 'hi',
  stream: false,
  max_tokens: 1,
  options: { num_predict: 1 },
  tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }],
  tool_choice: 'auto',
  response_format: { type: 'json_object' },
  format: 'json',
  stop: ['x'],
  n: 1,
  temperature: 1,
  top_p: 1,
  seed: 1,
  logit_bias: { 1: 1 },
  logprobs: true,
  top_logprobs: 1,
  stream_options: { include_usage: true },
  suffix: '',
  echo: false,
  keep_alive: '5m',
  ttl: 60,
  system: 'be brief',
  template: '{{ .Prompt }}',
  parameters: {},
  images: [],
  encoding_format: 'float',
  dimensions: 8,
  quantization: 'Q4_K_M',
  context_length: 512,
}

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('', '\0', '\ud800', '../../etc/passwd', 'a'.repeat(9000), '__proto__', '%s%n', '{{', '<|im_end|>'),
)
const oddNumber = fc.constantFrom(0, -0, -1, 1e308, -1e308, 1e-320, 0.5, 2 ** 31, 2 ** 53, 2 ** 64)
const odd = fc.oneof(
  oddText,
  oddNumber,
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(oddText, oddNumber, fc.constant(null)), { maxLength: 8 }),
  fc.dictionary(fc.oneof(oddText, fc.constantFrom('role', 'content', 'type', 'function')), fc.jsonValue(), {
    maxKeys: 6,
  }),
  fc.array(fc.record({ role: fc.oneof(oddText, fc.constantFrom('user', 'tool', 'system')), content: fc.jsonValue() }), {
    maxLength: 4,
  }),
  fc.jsonValue({ maxDepth: 8 }),
)
const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number) => fc.sample(arbitrary, { numRuns: count, seed })

async function inTurn<T>(items: T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const rest = items.entries()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [index, item] of rest) await work(item, index)
    }),
  )
}

let sent = 0

/** Sends it, and looks at every answer that comes. */
async function check(bytes: string | Buffer): Promise<void> {
  sent++
  const head = Buffer.from(bytes).toString('latin1', 0, 300)
  const answer = await api.send(bytes, 10_000).catch((error: Error) => {
    throw new Error(`${error.message}\nto ${JSON.stringify(head)}`)
  })
  for (const [line, status] of answer.matchAll(/^HTTP\/1\.1 (\d{3}) .*$/gm)) {
    // The hub that it would be asked of is not there.
    const isHub = status === '502' && /^POST \/api\/(pull|v1\/models\/download)/.test(head)
    if (Number(status) >= 500 && !isHub) throw new Error(`${line}\nto ${JSON.stringify(head)}\n${answer}`)
  }
}

test('knows the routes', () => {
  expect(posts.length).toBeGreaterThan(5)
})

test('bodies of the wrong types', async () => {
  const bodies = sample(fc.oneof(fc.jsonValue({ maxDepth: 8 }), odd), 1200).map((value) => JSON.stringify(value))
  await inTurn(bodies, (body, index) => {
    const { method, path } = posts[index % posts.length]!
    return check(requestText(path, {}, method, body))
  })
})

test('bodies with one to three fields that make no sense', async () => {
  const changes = sample(
    fc.array(fc.tuple(fc.constantFrom(...Object.keys(fields)), odd), { minLength: 1, maxLength: 3 }),
    1200,
  )
  await inTurn(changes, (change, index) => {
    const { method, path } = posts[index % posts.length]!
    const body = JSON.stringify({ ...fields, ...Object.fromEntries(change) })
    return check(requestText(path, {}, method, body))
  })
})

// Past the reading of the body: templates, grammars, samplers and the engine meet what makes no sense, too.
test('answers of a model that is there, asked for in odd ways', async () => {
  const asking = posts.filter(({ path }) => /(chat|completions|generate|embed|ings|messages|responses)$/.test(path))
  const keys = ['messages', 'prompt', 'input', 'tools', 'tool_choice', 'response_format', 'format', 'stop', 'n']
  const more = ['temperature', 'top_p', 'seed', 'logit_bias', 'logprobs', 'suffix', 'system', 'stream', 'echo']
  const schema = fc.record(
    {
      type: fc.constantFrom('object', 'array', 'string', 'nonsense', 7),
      properties: fc.dictionary(oddText, odd, { maxKeys: 3 }),
      items: odd,
      enum: fc.array(odd, { maxLength: 3 }),
      $ref: fc.constantFrom('#', '#/x', 'http://127.0.0.1:9/x', '#/properties'),
      pattern: fc.constantFrom('(', '^a$', '(a+)+$', '\\d{99999}'),
      minLength: oddNumber,
    },
    { requiredKeys: [] },
  )
  const format = fc.oneof(
    schema.map((one) => ['format', one] as const),
    schema.map((one) => ['response_format', { type: 'json_schema', json_schema: { name: 'x', schema: one } }] as const),
    schema.map((parameters) => ['tools', [{ type: 'function', function: { name: 'look', parameters } }]] as const),
  )
  const changes = sample(fc.oneof(fc.tuple(fc.constantFrom(...keys, ...more), odd), format), 400)
  await inTurn(changes, ([key, value], index) => {
    // Of every protocol the plainest, so that the one odd field is what decides.
    const { messages, prompt, input, stream, temperature, options } = fields
    const plain = { model: 'yangtuo-demo', messages, prompt, input, stream, temperature, options, max_tokens: 1 }
    const body = JSON.stringify({ ...plain, max_output_tokens: 16, [key]: value })
    return check(requestText(asking[index % asking.length]!.path, {}, 'POST', body))
  })
})

test('texts that are no JSON, or JSON that is none of its kind', async () => {
  const marks = ['{', '}', '[', ']', '"', ':', ',', '\\', '\\u', 'null', '1e999', '-', '\0', 'x', ' ']
  const depths = [10, 199, 201, 1000, 60_000]
  const special = [
    ...depths.flatMap((depth) => ['['.repeat(depth), '{"a":'.repeat(depth), '['.repeat(depth) + ']'.repeat(depth)]),
    '{"__proto__":{"model":1}}',
    '{"constructor":{"prototype":{"x":1}},"model":"nothing"}',
    '{"model":"nothing","model":1}',
    `{"model":"nothing","messages":[${'{"role":"user","content":"x"},'.repeat(3000)}{}]}`,
    '"'.repeat(100_000),
    'x'.repeat(limits.bodyBytes + 1),
  ]
  const random = sample(fc.array(fc.constantFrom(...marks), { maxLength: 40 }), 400).map((parts) => parts.join(''))
  const requests = [
    ...random.map((body, index) => ({ path: posts[index % posts.length]!.path, body })),
    ...posts.flatMap(({ path }) => special.map((body) => ({ path, body }))),
  ]
  await inTurn(requests, ({ path, body }) => check(requestText(path, {}, 'POST', body)))
})

test('bytes in no encoding', async () => {
  const valid = JSON.stringify(fields)
  const bodies = [
    ...sample(fc.uint8Array({ minLength: 1, maxLength: 300 }), 300).map((bytes) => Buffer.from(bytes)),
    Buffer.from(`\ufeff${valid}`, 'utf16le'),
    Buffer.from(`\ufeff${valid}`),
    Buffer.from([0xff, 0xfe, 0x7b]),
    Buffer.from(valid.replace('hi', '\xe9'), 'latin1'),
  ]
  const encodings = ['gzip', 'br', 'deflate, gzip', 'x', 'identity', '']
  await inTurn(bodies, (body, index) => {
    const headers: Record<string, string> = { 'content-length': String(body.length) }
    if (index % 3 === 0) headers['content-encoding'] = encodings[index % encodings.length]!
    const head = requestText(posts[index % posts.length]!.path, headers, 'POST')
    return check(Buffer.concat([Buffer.from(head), body]))
  })
})

test('headers that contradict themselves or are none', async () => {
  const body = JSON.stringify(fields)
  const heads = [
    ...['-1', '1e3', '0x10', '9'.repeat(20), '1, 2', '', ' ', 'NaN', '3', String(body.length + 5)].map(
      (length) => `content-length: ${length}`,
    ),
    `content-length: ${body.length}\r\ncontent-length: 3`,
    `content-length: ${body.length}\r\ntransfer-encoding: chunked`,
    ...['chunked, chunked', 'gzip, chunked', 'identity', 'x', 'Chunked'].map((value) => `transfer-encoding: ${value}`),
    'content-length: 5\r\nexpect: 100-continue',
    'expect: nonsense',
    'upgrade: websocket\r\nconnection: upgrade',
    'upgrade: h2c\r\nconnection: Upgrade, HTTP2-Settings\r\nhttp2-settings: x',
    ...['\x7f: x', ': x', 'x', ' x: y', 'x : y', 'x:\0', 'x: \x01', '\u4f60: x', 'x: y\r\n\tz'],
    `x: ${'y'.repeat(20_000)}`,
    'a: b\r\n'.repeat(3000).trimEnd(),
    ...['Bearer', 'Bearer ', 'Bearer  a b', 'bearer \xff', 'Basic ===', '\xe4', `Bearer ${'x'.repeat(9000)}`].map(
      (value) => `authorization: ${value}`,
    ),
    ...['zh\0', '*;q=9', 'x'.repeat(5000), ''].map((value) => `accept-language: ${value}`),
    ...['text/\0', 'multipart/form-data', 'text/x; charset=utf-16', ';;;'].map((value) => `content-type: ${value}`),
    ...['not a url', 'null', '\xff', 'http://[', 'file:///etc'].map((value) => `origin: ${value}`),
    ...['cross-site', '\xff', ''].map((value) => `sec-fetch-site: ${value}`),
    'access-control-request-method: x\r\norigin: null',
  ]
  const firsts = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP', 'http/1.1', 'HTTP/1.1 x', '']
  const known = ['POST', 'GET', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'PATCH', 'PROPFIND', 'QUERY']
  const methods = [...known, 'post', 'P\0ST', 'X'.repeat(200), '']
  const sizes = ['', '1', 'zz', '-1', 'f'.repeat(16), '5;x=y', `5;${'x'.repeat(30_000)}`]
  const rest = 'host: 127.0.0.1\r\nconnection: close\r\n'
  const requests = [
    ...heads.flatMap((head) =>
      routes.slice(0, 12).map(({ method, path }) => `${method} ${path} HTTP/1.1\r\n${rest}${head}\r\n\r\n${body}`),
    ),
    ...methods.flatMap((method) => firsts.map((first) => `${method} /v1/models ${first}\r\n${rest}\r\n`)),
    ...sizes.map((size) => {
      const head = `POST /v1/completions HTTP/1.1\r\n${rest}transfer-encoding: chunked`
      return `${head}\r\n\r\n${size}\r\nhello\r\n0\r\n\r\n`
    }),
    '\r\n\r\n\r\n',
    '\0'.repeat(1000),
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'GET http://[::1 HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n',
  ]
  await inTurn(requests, (text) => check(Buffer.from(text, 'latin1')))
})

test('paths that are none', async () => {
  const marks = ['/', '//', '..', '.', '%2e', '%2f', '%00', '%', '%zz', '%ff', '\\', '?', '#', ':', '*', ';', '@', '"']
  const names = ['v1', 'api', 'models', 'nothing', 'chat', 'completions', '%e4%bd%a0', 'a'.repeat(3000)]
  const parts = fc.array(fc.constantFrom(...marks, ...names), { maxLength: 12 })
  const targets = sample(parts, 400).map((some) => some.join(''))
  await inTurn([...targets.map((target) => `/${target}`), ...targets.slice(0, 100)], async (target) => {
    await check(Buffer.from(requestText(target), 'latin1'))
    await check(Buffer.from(requestText(target, {}, 'POST', '{}'), 'latin1'))
  })
})

test('several requests in one piece, good ones and bad ones', async () => {
  const good = 'GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'
  const others = [
    'GET /v1/nothing HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n',
    'GET /v1/models HTTP/1.1\r\nhost: evil.example\r\n\r\n',
    'POST /v1/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 3\r\n\r\n{}}',
    'POST /v1/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n',
    'nonsense\r\n\r\n',
  ]
  const rows = sample(fc.array(fc.constantFrom(good, ...others), { minLength: 2, maxLength: 10 }), 200)
  await inTurn(rows, (row) => check(row.join('') + requestText('/health')))
})

test('bodies that come slowly, or not at all', async () => {
  const half = requestText('/v1/completions', { 'content-length': '500' }, 'POST', '{"model":"noth')
  const rows = Array.from({ length: 150 }, (_, index) => half.slice(0, half.length - (index % 70)))
  await inTurn(rows, (text) => check(text))
  // A byte at a time, for as long as it is taken.
  await inTurn(Array.from({ length: 20 }), async () => {
    sent++
    const socket = connect(api.port, '127.0.0.1')
    const closed = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve))
    socket.resume()
    socket.write(half)
    const drip = setInterval(() => socket.write(' '), 50)
    await Promise.race([closed, sleep(10_000).then(() => Promise.reject(new Error('A dripping body has no end')))])
    clearInterval(drip)
  })
})

test('clients that leave at any moment', async () => {
  const body = JSON.stringify({ ...fields, model: 'yangtuo-demo', stream: true, max_tokens: 20 })
  const whole = requestText('/v1/chat/completions', {}, 'POST', body)
  await inTurn(Array.from({ length: 400 }), async (_, index) => {
    sent++
    const socket = connect(api.port, '127.0.0.1')
    socket.on('error', () => {})
    const length = index % 4 === 0 ? whole.length : (index * 37) % whole.length
    await new Promise<void>((resolve) => socket.write(whole.slice(0, length), () => resolve()))
    await sleep(index % 7)
    if (index % 2) socket.resetAndDestroy()
    else socket.destroy()
  })
})

test('answers as before, has nothing left open, and met no defect', async () => {
  expect(sent).toBeGreaterThan(5000)
  expect(api.errors).toEqual([])
  const answer = await fetch(`${api.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'yangtuo-demo', messages: [{ role: 'user', content: '你好' }], max_tokens: 5 }),
  })
  expect(answer.status).toBe(200)
  for await (const { requests } of await api.client.apiServer.watchActivity()) {
    if (requests.length === 0) break
  }
})
