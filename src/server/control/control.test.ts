import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { implement } from '@orpc/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../core/core.fixture.ts'
import { contract } from '../../shared/contract/index.ts'
import { defaultSettings } from '../../shared/contract/settings.ts'
import { connectToHost } from './connect-to-host.ts'
import { readHostFile } from './host-file.ts'
import { type Control, startControl } from './start-control.ts'

const { settings } = implement(contract)
const router = { settings: { get: settings.get.handler(() => defaultSettings) } }

let dataDirectory: string
let control: Control

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), '羊驼\u3000控制 '))
  control = await startControl({ dataDirectory, router, kind: 'serve', log: silentLog })
})
afterEach(async () => {
  await control.close()
  await rm(dataDirectory, { recursive: true })
})

async function statusOfUpgrade(headers: Record<string, string>, path = '/rpc'): Promise<number> {
  const { port } = (await readHostFile(dataDirectory))!
  const sent = request({
    host: '127.0.0.1',
    port,
    path,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      host: `127.0.0.1:${port}`,
      ...headers,
    },
  }).end()
  return new Promise((resolve, reject) => {
    sent.on('response', (response) => resolve(response.statusCode!))
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode!)
    })
    sent.on('error', reject)
  })
}

// A token that other people of the machine can read, or a file that outlives its host.
test('a command is let in by the file that only its owner can read, and that goes with the host', async () => {
  const path = join(dataDirectory, 'host.json')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(dataDirectory)).toEqual(['host.json'])

  const connection = (await connectToHost(dataDirectory))!
  expect(connection.host).toMatchObject({ pid: process.pid, kind: 'serve' })
  expect(await connection.client.settings.get()).toEqual(defaultSettings)
  expect(control.clientCount()).toBe(1)
  connection.close()
  await control.idle()

  await control.close()
  expect(await readdir(dataDirectory)).toEqual([])
  control = await startControl({ dataDirectory, router, kind: 'serve', log: silentLog })
})

// A page in a browser, or another program, that talks to the port.
test('nobody else is let in', async () => {
  const { token, port } = (await readHostFile(dataDirectory))!
  const authorization = `Bearer ${token}`
  expect(await statusOfUpgrade({ authorization })).toBe(101)
  for (const headers of [
    {},
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${token.slice(1)}` },
    { authorization: token },
    { authorization, origin: `http://127.0.0.1:${port}` },
    { authorization, origin: 'null' },
    { authorization, host: `rebound.example:${port}` },
    { authorization, host: '127.0.0.1' },
  ]) {
    expect(await statusOfUpgrade(headers as Record<string, string>), JSON.stringify(headers)).toBe(403)
  }
  expect(await statusOfUpgrade({ authorization }, `/rpc?token=${token}`)).toBe(403)
  const plain = await fetch(`http://127.0.0.1:${port}/rpc`, { headers: { authorization } })
  expect(plain.status).toBe(404)
})

// A killed host leaves its file: a command that believes it hangs, or fails, for ever.
test.each([
  ['its process is gone', { pid: 4_194_304 }],
  ['nothing listens there', { port: 1 }],
  ['another program listens there', { token: 'of-another' }],
])('a file is as good as none where %s', async (_, change) => {
  const path = join(dataDirectory, 'host.json')
  const record = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...record, ...change }))
  expect(await connectToHost(dataDirectory)).toBeNull()
})

test.each(['', '{', '[]', '{"pid":"1"}'])('a damaged file (%j) is as good as none', async (text) => {
  await writeFile(join(dataDirectory, 'host.json'), text)
  expect(await connectToHost(dataDirectory)).toBeNull()
})

// The host ends while a command waits for it: the command must not wait for ever.
test('who is connected when the host ends is told', async () => {
  const connection = (await connectToHost(dataDirectory))!
  await control.close()
  if (!connection.ended.aborted) await once(connection.ended, 'abort')
  await expect(connection.client.settings.get()).rejects.toThrow()
  control = await startControl({ dataDirectory, router, kind: 'serve', log: silentLog })
})
