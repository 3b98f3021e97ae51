import type { FileLocation } from '../hubs/hub-source.ts'
import type { ByteRange } from './byte-ranges.ts'
import { HttpConnection, type ResponseHead, ResponseNotUnderstood } from './http-connection.ts'

const maxRedirects = 5

/** The answer is not the bytes. */
export class Refused extends Error {
  readonly url: string
  readonly head: ResponseHead

  constructor(url: string, head: ResponseHead) {
    super(`HTTP ${head.status}`)
    this.url = url
    this.head = head
  }
}

/**
 * Requests of ranges of one file. Invariant: the location's headers, the access token among them, go to its
 * own origin only. Where redirects led is remembered, because hubs count requests; the addresses of a CDN
 * are signed and expire, so a refused one is asked for anew.
 */
export class RangeRequests {
  /** Those that are being read from. */
  readonly connections = new Set<HttpConnection>()
  readonly #location: FileLocation
  #redirectedTo: URL | null = null
  #lastUrl: string

  constructor(location: FileLocation) {
    this.#location = location
    this.#lastUrl = location.url
  }

  /** Of the last request, for what is said of a failure. */
  get lastUrl(): string {
    return this.#lastUrl
  }

  /**
   * On `kept` if it leads there, else on a new connection; returns the one to keep for the next range.
   * `onHead` is called for 200 and 206 only. Rejects with Refused, or as HttpConnection.get does.
   */
  async get(
    range: ByteRange,
    kept: HttpConnection | null,
    onHead: (head: ResponseHead, connection: HttpConnection) => void,
    onBytes: (bytes: Buffer) => void,
  ): Promise<HttpConnection> {
    const first = new URL(this.#location.url)
    let isRemembered = this.#redirectedTo !== null
    let url = this.#redirectedTo ?? first
    let connection = kept
    for (let redirects = 0; ; redirects++) {
      this.#lastUrl = url.href
      if (connection?.origin !== url.origin || !connection.isOpen) {
        connection?.destroy()
        connection = new HttpConnection(url)
      }
      const head = await this.#getOn(connection, url, range, onHead, onBytes)
      if (isWanted(head)) {
        this.#redirectedTo = url
        return connection
      }
      const target = head.headers['location']
      if (head.status >= 300 && head.status < 400 && target && redirects < maxRedirects) {
        url = new URL(target, url)
        if (!/^https?:$/.test(url.protocol)) throw new ResponseNotUnderstood(`a redirect to ${url.protocol}`)
      } else if (isRemembered && head.status < 500 && head.status !== 429) {
        isRemembered = false
        url = first
      } else {
        throw new Refused(url.href, head)
      }
    }
  }

  async #getOn(
    connection: HttpConnection,
    url: URL,
    { start, end }: ByteRange,
    onHead: (head: ResponseHead, connection: HttpConnection) => void,
    onBytes: (bytes: Buffer) => void,
  ): Promise<ResponseHead> {
    const { url: ownUrl, headers } = this.#location
    const userAgent = headers['user-agent']
    const allowed = url.origin === new URL(ownUrl).origin ? headers : userAgent ? { 'user-agent': userAgent } : {}
    this.connections.add(connection)
    try {
      return await connection.get(
        url,
        { ...allowed, range: `bytes=${start}-${end - 1}` },
        (head) => {
          if (!isWanted(head)) return false
          onHead(head, connection)
          return true
        },
        onBytes,
      )
    } finally {
      this.connections.delete(connection)
    }
  }
}

function isWanted({ status }: ResponseHead): boolean {
  return status === 200 || status === 206
}
