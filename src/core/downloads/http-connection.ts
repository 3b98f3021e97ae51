/**
 * HTTP/1.1 over one socket, only as far as fetching bytes of a file needs it. Why not node:http: it hands
 * out each 64 KB in a new buffer, which costs more than receiving them does; here the system writes into
 * one buffer that is used again and again. That is what keeps a download near the speed of the wire.
 */
import { isIP, connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** A fast host fills it; of a slow one's only the first pages are ever used, and only those take memory. */
const bufferBytes = 4 * 2 ** 20
const maxHeadBytes = 64 * 1024
const endOfHead = Buffer.from('\r\n\r\n')

export interface ResponseHead {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
}

interface Exchange {
  head: ResponseHead | null
  /** What came of the head so far. */
  headBytes: Buffer
  /** Of the body, what has not come yet; Infinity: until the connection ends. */
  leftBytes: number
  onHead: (head: ResponseHead) => boolean
  /** Valid during the call only. */
  onBytes: (bytes: Buffer) => void
  resolve: (head: ResponseHead) => void
  reject: (error: Error) => void
}

export class HttpConnection {
  readonly origin: string
  /** When something last came or was sent, as performance.now(). */
  activeAt = performance.now()
  readonly #socket: Socket
  #exchange: Exchange | null = null

  /** Connects to the host of `url` in the background; a failure rejects the first `get`. */
  constructor(url: URL) {
    this.origin = url.origin
    const isSecure = url.protocol === 'https:'
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const options = {
      host,
      port: Number(url.port || (isSecure ? 443 : 80)),
      onread: {
        buffer: Buffer.allocUnsafeSlow(bufferBytes),
        callback: (length: number, buffer: Uint8Array) => this.#take(buffer as Buffer, length),
      },
    }
    this.#socket = isSecure
      ? connectTls({ ...options, ...(isIP(host) ? {} : { servername: host }), ALPNProtocols: ['http/1.1'] })
      : connectTcp(options)
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#closed())
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable
  }

  /**
   * Asks for `url`, which is of this origin. `onHead` says whether the body is wanted; then its bytes go to
   * `onBytes`, and the promise resolves when all have come. Without it the connection is closed, for its
   * body would have to be read first. Rejects with the system's error, or what a callback threw.
   */
  get(
    url: URL,
    headers: Record<string, string>,
    onHead: Exchange['onHead'],
    onBytes: Exchange['onBytes'],
  ): Promise<ResponseHead> {
    const lines = Object.entries({ host: url.host, ...headers, 'accept-encoding': 'identity' })
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return reject(connectionCut())
      this.#exchange = { head: null, headBytes: Buffer.alloc(0), leftBytes: 0, onHead, onBytes, resolve, reject }
      this.activeAt = performance.now()
      const head = lines.map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, '')}\r\n`).join('')
      this.#socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${head}\r\n`)
    })
  }

  destroy(error = connectionCut()): void {
    this.#fail(error)
  }

  #take(buffer: Buffer, length: number): boolean {
    this.activeAt = performance.now()
    try {
      this.#read(buffer.subarray(0, length))
    } catch (error) {
      this.#fail(error as Error)
    }
    return true
  }

  #read(received: Buffer): void {
    const exchange = this.#exchange
    // Nothing was asked for: a host that says more than that is not understood.
    if (!exchange) return this.destroy()
    let bytes = received
    if (!exchange.head) {
      const all = Buffer.concat([exchange.headBytes, received])
      const end = all.indexOf(endOfHead)
      if (end < 0) {
        if (all.length > maxHeadBytes) throw new ResponseNotUnderstood('the head of the answer has no end')
        exchange.headBytes = all
        return
      }
      const head = parseHead(all.subarray(0, end).toString('latin1'))
      bytes = all.subarray(end + endOfHead.length)
      if (head.status < 200) {
        exchange.headBytes = Buffer.alloc(0)
        return bytes.length > 0 ? this.#read(bytes) : undefined
      }
      exchange.head = head
      if (!exchange.onHead(head)) return this.#finish(exchange, false)
      exchange.leftBytes = bodyBytes(head)
    }
    const wanted = bytes.subarray(0, Math.min(bytes.length, exchange.leftBytes))
    exchange.leftBytes -= wanted.length
    if (wanted.length > 0) exchange.onBytes(wanted)
    if (exchange.leftBytes === 0) this.#finish(exchange, exchange.head.headers['connection']?.toLowerCase() !== 'close')
  }

  #finish(exchange: Exchange, keeps: boolean): void {
    this.#exchange = null
    if (!keeps) this.#socket.destroy()
    exchange.resolve(exchange.head!)
  }

  #closed(): void {
    if (this.#exchange?.leftBytes === Infinity) this.#finish(this.#exchange, false)
    else this.#fail(connectionCut())
  }

  #fail(error: Error): void {
    const exchange = this.#exchange
    this.#exchange = null
    this.#socket.destroy()
    exchange?.reject(error)
  }
}

/** An answer that is no HTTP, or none of the kind that is asked for here. */
export class ResponseNotUnderstood extends Error {
  override readonly name = 'ResponseNotUnderstood'
}

export function connectionCut(): Error {
  return Object.assign(new Error('The connection was cut'), { code: 'ECONNRESET' })
}

function parseHead(text: string): ResponseHead {
  const [first, ...lines] = text.split('\r\n')
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(first!)?.[1]
  if (!status) throw new ResponseNotUnderstood('the answer is no HTTP/1.1')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(status), headers: Object.fromEntries(headers) }
}

function bodyBytes({ headers }: ResponseHead): number {
  const coding = headers['transfer-encoding'] ?? headers['content-encoding']
  if (coding !== undefined && coding !== 'identity') throw new ResponseNotUnderstood(`the body is sent as ${coding}`)
  const length = headers['content-length']
  if (length === undefined) return Infinity
  if (!/^\d+$/.test(length)) throw new ResponseNotUnderstood('the length of the body is no number')
  return Number(length)
}
