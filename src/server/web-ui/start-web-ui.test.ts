import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { ORPCError, os, type RouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Log } from '../../core/ports.ts'
import { startWebUi, type WebUi } from './start-web-ui.ts'

const log: Log = { info() {}, warn() {}, error() {} }
let produced = 0
const router = {
  greet: os.handler(() => 'hello'),
  endless: os.handler(async function* () {
    for (;;) {
      yield { count: ++produced, text: 'x'.repeat(10_000) }
      await setImmediate()
    }
  }),
}

let importModel: (path: string) => Promise<unknown>
const start = () =>
  startWebUi({
    port: 0,
    directory: join(root, 'ui'),
    modelsDirectory: join(root, 'models'),
    router,
    importModel: (path) => importModel(path),
    log,
  })

let root: string
let webUi: WebUi
let port: number
let cookie: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'yangtuo web ui '))
  await mkdir(join(root, 'ui', 'assets'), { recursive: true })
  await writeFile(join(root, 'ui', 'index.html'), '<!doctype html><title>羊驼</title>')
  await writeFile(join(root, 'ui', 'assets', 'main-abc123.js'), 'export {}')
  await writeFile(join(root, 'secret.json'), '{}')
  importModel = async () => {}
  webUi = await start()
  port = Number(new URL(webUi.address).port)
  cookie = (await send({ path: webUi.address.slice(origin().length) })).headers['set-cookie']![0]!.split(';')[0]!
  produced = 0
})

afterEach(async () => {
  await webUi.close()
  await rm(root, { recursive: true })
})

const origin = () => `http://127.0.0.1:${port}`
const uploads = () => join(root, 'models', 'imported')

interface Sent {
  path?: string
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

/** fetch would set Host and tidy the path; this sends both as given. */
async function send({ path = '/', method = 'GET', headers = {}, body }: Sent) {
  const request = httpRequest({ host: '127.0.0.1', port, path, method, headers })
  request.end(body)
  const [response] = await once(request, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode as number, headers: response.headers, text }
}

const sendSignedIn = (sent: Sent) => send({ ...sent, headers: { cookie, ...sent.headers } })

describe('who is let in', () => {
  test('the printed address sets a cookie that scripts and other sites cannot use, and the page comes', async () => {
    const opened = await send({ path: webUi.address.slice(origin().length) })
    expect(opened.status).toBe(302)
    expect(opened.headers.location).toBe('/')
    expect(opened.headers['set-cookie']).toEqual([expect.stringMatching(/^yangtuo-\d+=\S+; Path=\/; HttpOnly; SameSite=Strict$/)])
    const page = await sendSignedIn({})
    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${port};`)
    expect(page.text).toContain('羊驼')
  })

  test.each(['/', '/?token=', '/?token=wrong', '/assets/main-abc123.js', '/upload?name=a.gguf', '/nothing'])(
    '%s without the session is refused in both languages',
    async (path) => {
      const answer = await send({ path, headers: { cookie: `yangtuo-${port}=wrong` } })
      expect(answer.status).toBe(401)
      expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
      expect(answer.text).toMatch(/启动[^]*Open/)
    },
  )

  test('another Host is refused even with the cookie, as DNS rebinding would send it', async () => {
    for (const host of [`evil.example:${port}`, '127.0.0.1', '127.0.0.1:1', `localhost.evil.example:${port}`]) {
      expect((await sendSignedIn({ headers: { host } })).status).toBe(403)
    }
    expect((await sendSignedIn({ headers: { host: `localhost:${port}` } })).status).toBe(200)
  })

  test('other methods are refused', async () => {
    for (const method of ['POST', 'DELETE', 'OPTIONS', 'PUT']) {
      expect((await sendSignedIn({ method })).status).toBe(405)
    }
  })

  test('a malformed request line ends one request, not the host', async () => {
    expect((await sendSignedIn({ path: 'http://[' })).status).toBe(404)
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET http://[ HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`)
    await once(socket, 'data')
    socket.destroy()
    expect((await sendSignedIn({})).status).toBe(200)
  })
})

describe('files', () => {
  test('hashed assets are cached for good, HEAD has no body', async () => {
    const asset = await sendSignedIn({ path: '/assets/main-abc123.js', method: 'HEAD' })
    expect(asset).toMatchObject({ status: 200, text: '' })
    expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(asset.headers['cache-control']).toContain('immutable')
  })

  test.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/%2e%2e%2fsecret.json',
    '/..%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/..%5csecret.json',
    '//secret.json',
    '/%00',
    '/%ff',
    '/assets',
    '/assets/',
  ])('%s names nothing', async (path) => {
    expect((await sendSignedIn({ path })).status).toBe(404)
  })
})

describe('the WebSocket', () => {
  const open = (headers: Record<string, string>, path = '/rpc') =>
    new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  const refusal = async (socket: WebSocket) => String((await once(socket, 'error'))[0])
  const clientOf = (socket: WebSocket): RouterClient<typeof router> =>
    createORPCClient(new RPCLink({ websocket: socket }))

  test('carries calls for the session', async () => {
    const socket = open({ cookie, origin: origin() })
    await once(socket, 'open')
    expect(await clientOf(socket).greet()).toBe('hello')
    socket.close()
  })

  test.each([
    ['no cookie', () => open({ origin: origin() })],
    ['a wrong cookie', () => open({ origin: origin(), cookie: `yangtuo-${port}=wrong` })],
    ['no Origin', () => open({ cookie })],
    ['a foreign Origin', () => open({ cookie, origin: 'https://evil.example' })],
    ['another port of this machine', () => open({ cookie, origin: 'http://127.0.0.1:1' })],
    ['an opaque Origin', () => open({ cookie, origin: 'null' })],
    ['a wrong Host', () => open({ cookie, origin: `http://evil.example:${port}`, host: `evil.example:${port}` })],
    ['another path', () => open({ cookie, origin: origin() }, '/other')],
  ])('refuses %s', async (_name, connection) => {
    expect(await refusal(connection())).toContain('403')
  })

  test('a message beyond the limit ends that connection only', async () => {
    const socket = open({ cookie, origin: origin() })
    await once(socket, 'open')
    socket.send('x'.repeat(17 * 1024 * 1024))
    expect((await once(socket, 'close'))[0]).toBe(1009)
    expect((await sendSignedIn({})).status).toBe(200)
  })

  test('a viewer that stops reading stops its stream, instead of filling the memory', async () => {
    const socket = open({ cookie, origin: origin() })
    await once(socket, 'open')
    await clientOf(socket).endless()
    socket.pause()
    let before = -1
    // It stands still as soon as the system's socket buffers, a few megabytes, are full.
    while (produced !== before) {
      before = produced
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(produced * 10_000).toBeLessThan(64 * 1024 * 1024)
    socket.terminate()
  })
})

describe('uploads', () => {
  const gguf = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(100_000, 7)])
  const upload = (name: string, body: Buffer, headers: Record<string, string> = {}) =>
    sendSignedIn({
      path: `/upload?name=${encodeURIComponent(name)}`,
      method: 'PUT',
      headers: { origin: origin(), 'content-length': String(body.length), ...headers },
      body,
    })

  test.each(['模型 一\u3000二.gguf', '../../../escaped.gguf', '..\\escaped.gguf', '/etc/escaped.gguf'])(
    '%j is stored whole, inside its folder',
    async (name) => {
      const answer = await upload(name, gguf)
      expect(answer.status).toBe(200)
      const { path } = JSON.parse(answer.text) as { path: string }
      expect(await readFile(path)).toEqual(gguf)
      expect(await readdir(uploads())).toEqual([name.split(/[/\\]/).at(-1)])
    },
  )

  test('a name that is taken gets a number, also for two at the same time', async () => {
    await Promise.all([upload('a.gguf', gguf), upload('a.gguf', gguf)])
    await upload('a.gguf', gguf)
    expect((await readdir(uploads())).sort()).toEqual(['a (2).gguf', 'a (3).gguf', 'a.gguf'])
  })

  test.each([
    ['UPLOAD_REFUSED', '..', gguf, {}],
    ['UPLOAD_REFUSED', '', gguf, {}],
    ['NOT_GGUF', 'photo.jpg', Buffer.alloc(3_000_000, 1), {}],
    ['NOT_GGUF', 'short.gguf', Buffer.from('GG'), {}],
    ['NOT_GGUF', 'empty.gguf', Buffer.alloc(0), {}],
  ])('%s for %j', async (code, name, body, headers) => {
    const answer = await upload(name, body, headers)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text)).toMatchObject({ code, data: {} })
    if (existsSync(uploads())) expect(await readdir(uploads())).toEqual([])
  })

  test('a file that cannot be imported is told and not kept', async () => {
    importModel = async (path) => {
      throw new ORPCError('FILE_DAMAGED', { data: { path, detail: 'tensor table' } })
    }
    const answer = await upload('broken.gguf', gguf)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text)).toEqual({
      code: 'FILE_DAMAGED',
      data: { path: join(uploads(), 'broken.gguf'), detail: 'tensor table' },
    })
    expect(await readdir(uploads())).toEqual([])
  })

  test('a file larger than the free disk is refused before a byte of it is written', async () => {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path: '/upload?name=big.gguf',
      method: 'PUT',
      headers: { cookie, origin: origin(), 'content-length': String(2 ** 52) },
    })
    request.on('error', () => {})
    request.write('GGUF')
    const [response] = await once(request, 'response')
    expect(response.statusCode).toBe(507)
    request.destroy()
    expect(await readdir(uploads())).toEqual([])
  })

  test('a transfer that is broken off leaves nothing', async () => {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path: '/upload?name=a.gguf',
      method: 'PUT',
      headers: { cookie, origin: origin(), 'content-length': '1000000' },
    })
    request.on('error', () => {})
    request.write(gguf)
    await expect.poll(() => readdir(uploads()).catch(() => [])).toEqual(['a.gguf.part'])
    request.destroy()
    await expect.poll(() => readdir(uploads())).toEqual([])
  })

  test('without a length, from a foreign page or without the cookie nothing is stored', async () => {
    const path = '/upload?name=a.gguf'
    const chunked = { origin: origin(), 'transfer-encoding': 'chunked' }
    expect((await sendSignedIn({ path, method: 'PUT', headers: chunked, body: gguf })).status).toBe(400)
    for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null' }] as Record<string, string>[]) {
      expect((await sendSignedIn({ path, method: 'PUT', headers, body: 'GGUF' })).status).toBe(403)
    }
    expect((await send({ path, method: 'PUT', headers: { origin: origin() }, body: 'GGUF' })).status).toBe(401)
    expect(existsSync(uploads())).toBe(false)
  })

  test('what a killed host left of a transfer is removed at the next start', async () => {
    await upload('a.gguf', gguf)
    await writeFile(join(uploads(), 'b.gguf.part'), 'GGUF')
    await webUi.close()
    webUi = await start()
    expect(await readdir(uploads())).toEqual(['a.gguf'])
  })
})
