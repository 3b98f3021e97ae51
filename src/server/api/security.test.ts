import { hostname } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiServices } from '../../core/api-server/api-services.ts'
import { createApiApp } from './api-app.ts'
import { requestText, startApi, statusOf, type TestApi } from './api-server.fixture.ts'

const paths = ['/', '/health', '/ready', '/metrics', '/v1/models', '/api/tags', '/api/v1/models', '/nothing']

describe('on the loopback without keys', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi({
      settings: { apiServerOrigins: ['https://friend.example'], apiServerHostNames: ['Models.Example.com'] },
    })
  })
  afterAll(() => api.close())

  const status = async (headers: Record<string, string>, target = '/v1/models', method = 'GET') =>
    statusOf(await api.send(requestText(target, headers, method)))

  // Bug: a page whose name was turned to 127.0.0.1 (DNS rebinding) reads models and asks them.
  test.each([
    'evil.example',
    'evil.example:1234',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evillocalhost',
    '127.0.0.1@evil.example',
    'evil.example#127.0.0.1',
    '0.0.0.0',
    '192.168.1.7',
    '[::2]',
    '127.0.0.1, evil.example',
    'evil.example\\127.0.0.1',
    '2130706433',
    '',
  ])('refuses Host %j on every path', async (host) => {
    for (const path of paths) expect(await status({ host }, path)).toBeOneOf([400, 403])
  })

  const names = ['127.0.0.1', 'localhost:80', 'LOCALHOST', '127.0.0.53:9', '[::1]:1234', 'a.localhost']
  test.each([...names, 'models.example.com'])('answers Host %j', async (host) => expect(await status({ host })).toBe(200))

  // Bug: the target of a request for a proxy counts instead of Host, or Host instead of the target.
  test('looks at the host of an absolute target too', async () => {
    expect(await status({}, 'http://evil.example/v1/models')).toBe(403)
    expect(await status({ host: 'evil.example' }, 'http://127.0.0.1/v1/models')).toBe(403)
    expect(await status({}, 'http://127.0.0.1/v1/models')).toBe(200)
  })

  test('refuses two Host headers, and none', async () => {
    const twice = 'GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n'
    expect(statusOf(await api.send(twice))).toBeOneOf([400, 403])
    expect(statusOf(await api.send('GET /v1/models HTTP/1.1\r\nconnection: close\r\n\r\n'))).toBe(400)
    expect(statusOf(await api.send('GET /v1/models HTTP/1.0\r\n\r\n'))).toBeOneOf([400, 403])
  })

  // Bug: any page in any browser sends a question (a form needs no CORS), or looks which models there are.
  const foreign = ['https://evil.example', 'http://127.0.0.1:9', 'http://localhost', 'https://friend.example.evil']
  test.each([...foreign, 'null', 'x'])(
    'refuses Origin %j whatever the method',
    async (origin) => {
      for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE', 'HEAD']) {
        const answer = await api.send(requestText('/v1/chat/completions', { origin }, method))
        expect(statusOf(answer)).toBe(403)
        expect(answer).not.toMatch(/access-control/i)
      }
    },
  )

  test.each(['cross-site', 'same-site'])('refuses a picture or link of another page (%s)', async (site) => {
    expect(await status({ 'sec-fetch-site': site })).toBe(403)
    expect(await status({ 'sec-fetch-site': site }, '/health')).toBe(403)
  })

  test('answers its own pages, the address bar, and programs', async () => {
    expect(await status({ origin: 'http://127.0.0.1', 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await status({ 'sec-fetch-site': 'none' })).toBe(200)
    expect(await status({})).toBe(200)
  })

  // Bug: a page that was let in is stopped by its own browser.
  test('lets an allowed origin in, asked for beforehand and then', async () => {
    const origin = 'https://friend.example'
    const asked = await api.send(
      requestText(
        '/v1/chat/completions',
        {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,x-stainless-os',
          'access-control-request-private-network': 'true',
        },
        'OPTIONS',
      ),
    )
    expect(statusOf(asked)).toBe(204)
    expect(asked).toMatch(/access-control-allow-origin: https:\/\/friend\.example\r/i)
    expect(asked).toMatch(/access-control-allow-headers: authorization,content-type,x-stainless-os\r/i)
    expect(asked).toMatch(/access-control-allow-private-network: true\r/i)
    const answer = await api.send(requestText('/v1/models', { origin, 'sec-fetch-site': 'cross-site' }))
    expect(statusOf(answer)).toBe(200)
    expect(answer).toMatch(/access-control-allow-origin: https:\/\/friend\.example\r/i)
    // Also of what fails: else the page only sees that something did.
    const failed = await api.send(requestText('/v1/nothing', { origin }))
    expect(failed).toMatch(/access-control-allow-origin: https:\/\/friend\.example\r/i)
    expect(answer + asked + failed).not.toMatch(/set-cookie|allow-credentials/i)
  })

  // Bug: a path that is written in another way reaches a file, or a route past its scope.
  test.each([
    '/v1/../../etc/passwd',
    '/v1/%2e%2e/%2e%2e/etc/passwd',
    '/v1/models/../../../etc/passwd',
    '/v1/models/..%2f..%2f..%2fetc%2fpasswd',
    '/api/v1/models/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/v1/models/%00',
    '/v1\\..\\..\\etc\\passwd',
    '/etc/passwd',
    '/.env',
    '//etc/passwd',
    '/v1/models/file:%2f%2f%2fetc%2fpasswd',
  ])('finds nothing at %s', async (target) => {
    const answer = await api.send(requestText(target))
    expect(statusOf(answer)).toBeOneOf([400, 404])
    expect(answer).not.toContain('root:')
  })

  test('forgives a slash too many', async () => {
    expect(await status({}, '//v1//models')).toBe(200)
    expect(await status({}, '/v1/models/')).toBe(200)
  })

  // Bug: 200 OK to any path, or no word on what would be right.
  test('says 404 and 405 in the shape of the protocol', async () => {
    const get = async (path: string, init?: RequestInit) => {
      const answer = await fetch(api.url + path, init)
      return { status: answer.status, allow: answer.headers.get('allow'), body: await answer.json() }
    }
    expect(await get('/v1/nothing')).toMatchObject({ status: 404, body: { error: { type: 'invalid_request_error' } } })
    const error = expect.stringContaining('/api/nothing')
    expect(await get('/api/nothing')).toMatchObject({ status: 404, body: { error } })
    expect(await get('/v1/chat/completions')).toMatchObject({ status: 405, allow: 'POST' })
    expect(await get('/v1/models', { method: 'DELETE' })).toMatchObject({ status: 405, allow: 'GET' })
    const chinese = await get('/v1/nothing', { headers: { 'accept-language': 'zh-CN,zh;q=0.9' } })
    expect(chinese.body).toMatchObject({ error: { message: expect.stringContaining('不存在') } })
  })

  // Bug: clients that always send some key are turned away.
  test('lets dummy keys pass', async () => {
    expect(await status({ authorization: 'Bearer lm-studio' })).toBe(200)
  })
})

describe('bound to every address', () => {
  let api: TestApi
  let inferenceKey: string
  let manageKey: string
  beforeAll(async () => {
    api = await startApi({ overrides: { host: '0.0.0.0', apiKey: 'from the command line' } })
    inferenceKey = (await api.client.apiServer.createKey({ name: 'asks', scopes: ['inference'] })).secret
    manageKey = (await api.client.apiServer.createKey({ name: 'manages', scopes: ['manage'] })).secret
  })
  afterAll(() => api.close())

  const status = async (headers: Record<string, string>, target = '/v1/models', method = 'GET') =>
    statusOf(await api.send(requestText(target, headers, method)))

  // Bug: from the loopback, or on some path, nobody asks for the key.
  test('needs a key for everything but its health', async () => {
    for (const path of paths) {
      const expected = path === '/health' || path === '/ready' ? 200 : 401
      expect(await status({}, path)).toBe(expected)
      expect(await status({ authorization: 'Bearer wrong' }, path)).toBe(expected)
    }
    expect(await status({ authorization: `Basic ${inferenceKey}` })).toBe(401)
    expect(await status({ authorization: `Bearer ${inferenceKey}x` })).toBe(401)
  })

  test('takes the key where the clients of each protocol put it', async () => {
    expect(await status({ authorization: `Bearer ${inferenceKey}` })).toBe(200)
    expect(await status({ 'x-api-key': inferenceKey })).toBe(200)
    expect(await status({ 'api-key': inferenceKey })).toBe(200)
  })

  // Bug: who may ask models may also delete them; a removed key goes on working.
  test('holds a key to its scopes, and forgets one that is removed', async () => {
    const ask = { authorization: `Bearer ${inferenceKey}` }
    expect(await status(ask, '/api/v1/models/unload', 'POST')).toBe(403)
    expect(await status(ask, '/api/v1/models/load', 'POST')).toBe(403)
    expect(await status(ask, '/api/v1/models/download', 'POST')).toBe(403)
    expect(await status(ask, '/api/v1/logs')).toBe(403)
    const manage = { authorization: `Bearer ${manageKey}` }
    expect(await status(manage, '/v1/chat/completions', 'POST')).toBe(403)
    expect(await status(manage, '/api/v1/models/unload', 'POST')).toBe(400)
    const { key, secret } = await api.client.apiServer.createKey({ name: 'short', scopes: ['inference'] })
    expect(await status({ authorization: `Bearer ${secret}` })).toBe(200)
    await api.client.apiServer.removeKey({ keyId: key.id })
    expect(await status({ authorization: `Bearer ${secret}` })).toBe(401)
  })

  // Bug: a route is added, and nobody thinks of who may use it.
  test('every route has a scope, and what changes models needs `manage`', async () => {
    const limits = { bodyBytes: 1, bodyStallMs: 1, requestMs: 1 }
    const app = createApiApp({} as ApiServices, { host: '', port: 0, needsKey: true }, limits)
    const routes = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)
    const refuses = async (secret: string, route: string) => {
      const [method, path] = route.replace(/\/:[^/]+/g, '/nothing').split(' ') as [string, string]
      return (await status({ authorization: `Bearer ${secret}` }, path, method)) === 403
    }
    const needingManage: string[] = []
    for (const route of new Set(routes)) {
      if (['/', '/health', '/ready', '/metrics'].includes(route.split(' ')[1]!)) continue
      const needsManage = await refuses(inferenceKey, route)
      expect(needsManage || (await refuses(manageKey, route)), route).toBe(true)
      if (needsManage) needingManage.push(route)
    }
    expect(needingManage.sort()).toEqual([
      'DELETE /api/delete',
      'GET /api/blobs/:digest',
      'GET /api/v1/logs',
      'GET /api/v1/models/download/status',
      'GET /api/v1/models/download/status/:id',
      'POST /api/blobs/:digest',
      'POST /api/copy',
      'POST /api/create',
      'POST /api/pull',
      'POST /api/push',
      'POST /api/v1/models/download',
      'POST /api/v1/models/load',
      'POST /api/v1/models/unload',
    ])
  })

  // Bug: trusted hosts are not looked at where all addresses are served (GHSA-x6p8-7cp8-c3p6).
  test('still refuses names of others, and takes the machine’s own', async () => {
    const key = { authorization: `Bearer ${inferenceKey}` }
    expect(await status({ ...key, host: 'evil.example' })).toBe(403)
    expect(await status({ ...key, host: '192.168.1.7:1234' })).toBe(200)
    expect(await status({ ...key, host: hostname() })).toBe(200)
    expect(await status({ ...key, origin: 'https://evil.example' })).toBe(403)
  })

  test('refuses in the shape of the protocol', async () => {
    const bodyOf = async (path: string) => (await fetch(api.url + path)).json()
    const type = 'authentication_error'
    expect(await bodyOf('/v1/models')).toMatchObject({ error: { type, code: 'api_key_needed' } })
    expect(await bodyOf('/api/tags')).toEqual({ error: expect.stringContaining('API key') })
    expect(await bodyOf('/v1/messages')).toMatchObject({ type: 'error', error: { type } })
    expect(await bodyOf('/api/v1/models')).toMatchObject({ error: { code: 'API_KEY_NEEDED' } })
  })
})
