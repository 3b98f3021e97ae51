import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ApiServerState } from '../../shared/contract/api-server.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { silentLog, temporaryFolder } from '../core.fixture.ts'
import { type Database, openDatabase } from '../database/open-database.ts'
import { SettingsRepository } from '../settings/settings-repository.ts'
import { SettingsService } from '../settings/settings-service.ts'
import { ApiKeysRepository } from './api-keys-repository.ts'
import { ApiKeysService } from './api-keys-service.ts'
import { ApiServerService } from './api-server-service.ts'
import type { ApiServerOverrides } from './api-services.ts'
import type { ApiServices, OpenApiServer } from './api-services.ts'

let folder: ReturnType<typeof temporaryFolder>
let database: Database
let settings: SettingsService
let keys: ApiKeysService
let opened: string[]
let service: ApiServerService

/** Real sockets, without an application on them. */
const open: OpenApiServer = async (_services, { host, port, needsKey }) => {
  const server = createServer().listen(port, host)
  await once(server, 'listening').catch(() => {
    throw new AppFailure('PORT_IN_USE', { port })
  })
  opened.push(`${host} ${needsKey}`)
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

beforeEach(() => {
  folder = temporaryFolder()
  database = openDatabase(join(folder.path, 'test.db'))
  settings = new SettingsService(new SettingsRepository(database))
  keys = new ApiKeysService(new ApiKeysRepository(database), silentLog)
  opened = []
})
afterEach(async () => {
  await service.close()
  database.close()
  folder.remove()
})

async function start(overrides?: ApiServerOverrides): Promise<void> {
  service = new ApiServerService({ settings, keys, open, overrides, log: silentLog })
  await service.start({} as ApiServices)
}

/** The first state that `isIt`. */
async function until(isIt: (state: ApiServerState) => boolean): Promise<ApiServerState> {
  for await (const state of service.watch()) if (isIt(state)) return state
  throw new Error('It ended')
}

async function occupiedPort(): Promise<{ port: number; server: Server }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, server }
}

// Bug: the switch is forgotten, or says on before anybody can connect.
test('is off until switched on, listens then, and remembers it', async () => {
  await start()
  expect(await until(() => true)).toEqual({ state: 'off' })
  const { port, server } = await occupiedPort()
  server.close()
  await once(server, 'close')
  settings.update({ apiServerPort: port })
  expect(await service.switch(true)).toEqual({ state: 'on', urls: [`http://127.0.0.1:${port}`], needsKey: false })
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
  expect(settings.get().apiServerEnabled).toBe(true)
  expect(await service.switch(false)).toEqual({ state: 'off' })
  expect(settings.get().apiServerEnabled).toBe(false)
})

// Bug: a port that another program has at the start of the app switches the server off for good, or crashes the start.
test('a failed start leaves it switched on, and another port starts it', async () => {
  const { port, server } = await occupiedPort()
  settings.update({ apiServerEnabled: true, apiServerPort: port })
  await start()
  expect(await until(() => true)).toEqual({ state: 'failed', failure: { code: 'PORT_IN_USE', data: { port } } })
  expect(settings.get().apiServerEnabled).toBe(true)
  await expect(service.switch(true)).rejects.toMatchObject({ code: 'PORT_IN_USE' })
  settings.update({ apiServerPort: port === 65_535 ? 1024 : port + 1 })
  await until(({ state }) => state === 'on')
  server.close()
})

// Bug: the server of a whole network answers everybody, because nobody has made a key yet.
test('serves others only when there is a key, and starts when one is made', async () => {
  await start({ host: '0.0.0.0', port: 0 })
  expect(await until(() => true)).toEqual({
    state: 'failed',
    failure: { code: 'API_KEY_MISSING', data: { host: '0.0.0.0' } },
  })
  keys.create('test', ['inference'])
  await service.keysChanged()
  const on = await until(({ state }) => state === 'on')
  expect(on).toMatchObject({ needsKey: true })
  expect((on as { urls: string[] }).urls[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(opened).toEqual(['0.0.0.0 true'])
})

// Bug: `yangtuo serve --port` changes the settings of the desktop app, or a change of theme restarts the server.
test('what serve was told counts instead of the settings and is not saved', async () => {
  await start({ port: 0, apiKey: 'secret' })
  await until(({ state }) => state === 'on')
  expect(settings.get()).toMatchObject({ apiServerEnabled: false, apiServerPort: 1234 })
  expect(keys.check('secret')).not.toBeNull()
  settings.update({ apiServerPort: 4321, theme: 'dark' })
  settings.update({ apiServerNeedsKey: true })
  expect(await until((state) => state.state === 'on' && state.needsKey)).toMatchObject({ state: 'on' })
  expect(opened).toHaveLength(1)
})

// Bug: changes in quick succession end in a server on a port that the settings do not name.
test('quick changes end in the last one', async () => {
  await start()
  settings.update({ apiServerHost: '127.0.0.1', apiServerPort: 1 })
  const switches = [service.switch(true), service.switch(false), service.switch(true), service.switch(false)]
  await Promise.allSettled(switches)
  expect(await until(() => true)).toEqual({ state: 'off' })
})
