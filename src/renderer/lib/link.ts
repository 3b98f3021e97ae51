/**
 * oRPC's link to the host. In an Electron window it is a MessagePort, which lives as long as the
 * window. In a browser it is a WebSocket, which may break: then it is opened again with a growing
 * pause, and meanwhile calls fail at once with `ConnectionLost`. Each socket gets a link of its own,
 * so no answer of an old one can reach a new call.
 */
import { mapEventIterator, ORPCError } from '@orpc/client'
import type { ClientContext, ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { connectMessage, socketPath } from '../../shared/lib/bridge.ts'
import { ConnectionLost, useConnection } from './connection.ts'

type Link = ClientLink<ClientContext>

const pausesMs = [250, 500, 1000, 2000, 4000]

function openPort(): Link {
  const { port1, port2 } = new MessageChannel()
  const link = new PortLink({ port: port1 })
  port1.start()
  window.postMessage(connectMessage, '*', [port2])
  useConnection.setState({ state: 'connected' })
  return link
}

function openSocket(): Link {
  const url = new URL(socketPath, location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  let socket: WebSocket
  let socketLink: Link
  let failures = 0

  function open() {
    socket = new WebSocket(url)
    socket.binaryType = 'arraybuffer'
    // Before the link, so that whoever hears of a broken call finds the state already changed.
    socket.addEventListener('close', () => {
      useConnection.setState({ state: 'reconnecting' })
      setTimeout(open, pausesMs[Math.min(failures++, pausesMs.length - 1)])
    })
    socket.addEventListener('open', () => {
      failures = 0
      useConnection.setState({ state: 'connected' })
    })
    socketLink = new SocketLink({ websocket: socket })
  }
  open()

  return {
    async call(path, input, options) {
      const used = socket
      // What the host answered is an ORPCError; all else that comes of a socket that is not open means it is gone.
      function explain(error: unknown) {
        if (used.readyState === WebSocket.OPEN || error instanceof ORPCError) return error
        // A closing socket is not yet closed, but whoever waits for `connected` must wait from here on.
        if (used === socket) useConnection.setState({ state: 'reconnecting' })
        return new ConnectionLost('No connection to the host', { cause: error })
      }
      try {
        const output = await socketLink.call(path, input, options)
        if (!isStream(output)) return output
        return mapEventIterator(output, { value: async (event) => event, error: async (error) => explain(error) })
      } catch (error) {
        throw explain(error)
      }
    },
  }
}

function isStream(output: unknown): output is AsyncIterator<unknown> & AsyncIterable<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output
}

export const link: Link = window.yangtuo ? openPort() : openSocket()
