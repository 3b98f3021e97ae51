/** A client on the contract for set-up and measuring, over the same WebSocket and checks that a browser has. */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import type { contract } from '../../src/shared/contract/index.ts'

export type Client = ContractRouterClient<typeof contract>

export async function connectClient(address: string): Promise<{ client: Client; close(): void }> {
  const { origin } = new URL(address)
  const opened = await fetch(address, { redirect: 'manual' })
  const cookie = opened.headers.getSetCookie().map((value) => value.split(';')[0]).join('; ')
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { cookie, origin } })
  await new Promise((open, failed) => socket.once('open', open).once('error', failed))
  return {
    client: createORPCClient(new RPCLink({ websocket: socket })),
    close: () => socket.close(),
  }
}
