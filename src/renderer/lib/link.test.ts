import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClientContext, ClientLink } from '@orpc/client'
import { eventIterator, oc } from '@orpc/contract'
import { implement } from '@orpc/server'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createRpcGateway } from '../../server/web-ui/rpc-gateway.ts'
import { ConnectionLost, connected } from './connection.ts'
import { follow } from './follow.ts'

const contract = {
  count: oc.input(z.object({ from: z.number() })).output(eventIterator(z.number())),
  never: oc.output(z.string()),
}
let opened = 0
const router = implement(contract).router({
  count: implement(contract).count.handler(async function* ({ input }) {
    opened++
    yield input.from
    yield input.from + 1
    await new Promise(() => {})
  }),
  never: implement(contract).never.handler(() => new Promise<string>(() => {})),
})

let server: Server
let gateway: ReturnType<typeof createRpcGateway>

async function listen(port: number) {
  gateway = createRpcGateway(router)
  server = createServer()
  server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function hangUp() {
  gateway.close()
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

let port: number
let link: ClientLink<ClientContext>
beforeEach(async () => {
  port = await listen(0)
  vi.stubGlobal('window', {})
  vi.stubGlobal('location', { href: `http://127.0.0.1:${port}/` })
  // The link opens when it is imported.
  link = (await import('./link.ts')).link
})
afterEach(hangUp)

// Without it: after the host comes back, the list of chats stands still until the page is reloaded, or a stream
// begins from its start again and shows its text twice.
test('a followed stream goes on from where it was when the host comes back, and a call under way fails', async () => {
  const seen: number[] = []
  const abort = new AbortController()
  const following = follow(
    (signal) => link.call(['count'], { from: seen.length }, { context: {}, signal }) as Promise<AsyncIterable<number>>,
    (event) => seen.push(event),
    abort.signal,
  )
  await vi.waitFor(() => expect(seen).toEqual([0, 1]))

  const call = link.call(['never'], undefined, { context: {} })
  const lost = expect(call).rejects.toBeInstanceOf(ConnectionLost)
  await hangUp()
  await lost
  await expect(link.call(['never'], undefined, { context: {} })).rejects.toBeInstanceOf(ConnectionLost)

  await listen(port)
  await connected()
  await vi.waitFor(() => expect(seen).toEqual([0, 1, 2, 3]))
  expect(opened).toBe(2)

  abort.abort()
  await following
})
