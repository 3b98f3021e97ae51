/** How the fake hub sends the bytes of a file, and everything that can go wrong with it. */
import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable, Transform, type TransformCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export interface FakeFile {
  path: string
  content: Buffer | { diskPath: string }
  sizeBytes: number
  sha256: string
  /** In LFS: listed with its SHA-256, redirected to the CDN. */
  isLarge: boolean
}

/** What one origin does wrong. Everything is off until a test turns it on; changes apply to the next request. */
export class Faults {
  /** Every request is cut without an answer, as if nothing listened there. */
  isDown = false
  /** Before every answer. */
  delayMs = 0
  /** Each body of bytes breaks off after so many; a function is asked for each request. null: never. */
  cutAfterBytes: (() => number | null) | number | null = null
  /** Each body stops after so many bytes, and the connection stays open. */
  stallAfterBytes: number | null = null
  bytesPerSecond: number | null = null
  /** Answers 200 with the whole file to a request of a range. */
  ignoresRanges = false
  /** The byte at this offset of every file is another one. */
  wrongByteAt: number | null = null
  /** More requests a second than this are answered 429. */
  requestsPerSecond: number | null = null
  readonly #statuses: { status: number; headers: Record<string, string>; matches: RegExp }[] = []
  #windowStart = 0
  #windowCount = 0

  /** The next `count` requests whose address matches are answered with this status. */
  failNext(count: number, status: number, headers: Record<string, string> = {}, matches = /(?:)/): void {
    for (let i = 0; i < count; i++) this.#statuses.push({ status, headers, matches })
  }

  /** True if the request is answered already. */
  async interfere(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (this.isDown) {
      request.socket.destroy()
      return true
    }
    if (this.delayMs) await sleep(this.delayMs)
    const index = this.#statuses.findIndex(({ matches }) => matches.test(request.url!))
    if (index >= 0) {
      const { status, headers } = this.#statuses.splice(index, 1)[0]!
      response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(`status ${status}`)
      return true
    }
    if (this.requestsPerSecond === null) return false
    if (Date.now() - this.#windowStart > 1000) {
      this.#windowStart = Date.now()
      this.#windowCount = 0
    }
    if (++this.#windowCount <= this.requestsPerSecond) return false
    response.writeHead(429, { 'retry-after': '1' }).end('too many requests')
    return true
  }
}

/** Answers GET and HEAD of a file with 200, 206 or 416. */
export async function sendBytes(
  file: FakeFile,
  request: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
  headers: Record<string, string> = {},
): Promise<void> {
  const etag = headers.etag ?? `"cdn-${file.sha256.slice(0, 32)}"`
  const common = {
    'content-type': 'application/octet-stream',
    etag,
    'last-modified': 'Tue, 02 Jan 2024 03:04:05 GMT',
    ...(faults.ignoresRanges ? {} : { 'accept-ranges': 'bytes' }),
    ...headers,
  }
  const wantsRange =
    !faults.ignoresRanges && (request.headers['if-range'] === undefined || request.headers['if-range'] === etag)
  const range = wantsRange ? parsedRange(request.headers.range, file.sizeBytes) : null
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...common, 'content-range': `bytes */${file.sizeBytes}` }).end()
    return
  }
  const [start, end] = range ?? [0, file.sizeBytes]
  response.writeHead(range ? 206 : 200, {
    ...common,
    'content-length': String(end - start),
    ...(range ? { 'content-range': `bytes ${start}-${end - 1}/${file.sizeBytes}` } : {}),
  })
  if (request.method === 'HEAD' || end === start) {
    response.end()
    return
  }
  response.flushHeaders()
  const stages = [new FaultyBytes(faults, start)].filter((stage) => stage.isFaulty)
  await pipeline([bytesOf(file, start, end), ...stages, response])
}

function bytesOf({ content }: FakeFile, start: number, end: number): Readable {
  if (!Buffer.isBuffer(content)) {
    return createReadStream(content.diskPath, { start, end: end - 1, highWaterMark: 2 ** 20 })
  }
  const pieces = function* () {
    for (let at = start; at < end; at += 2 ** 18) yield content.subarray(at, Math.min(at + 2 ** 18, end))
  }
  return Readable.from(pieces(), { objectMode: false })
}

/** `[start, end)`, null if no range is asked for. Of several ranges nothing is sent apart. */
function parsedRange(header: string | undefined, sizeBytes: number): [number, number] | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [, first, last] = match as unknown as [string, string, string]
  if (first === '') return [Math.max(0, sizeBytes - Number(last)), sizeBytes]
  if (Number(first) >= sizeBytes) return 'unsatisfiable'
  return [Number(first), last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes)]
}

class FaultyBytes extends Transform {
  readonly isFaulty: boolean
  readonly #faults: Faults
  readonly #cutAfterBytes: number | null
  readonly #startedAt = Date.now()
  #offset: number
  #sentBytes = 0

  constructor(faults: Faults, start: number) {
    super()
    this.#faults = faults
    this.#offset = start
    const cut = faults.cutAfterBytes
    this.#cutAfterBytes = typeof cut === 'function' ? cut() : cut
    this.isFaulty =
      this.#cutAfterBytes !== null ||
      faults.stallAfterBytes !== null ||
      faults.bytesPerSecond !== null ||
      faults.wrongByteAt !== null
  }

  override _transform(whole: Buffer, _encoding: string, done: TransformCallback): void {
    void this.#send(whole).then(
      () => done(),
      (error: Error) => done(error),
    )
  }

  async #send(whole: Buffer): Promise<void> {
    const { stallAfterBytes, bytesPerSecond, wrongByteAt } = this.#faults
    // Small pieces, so that a slow origin really trickles.
    const pieceBytes = bytesPerSecond === null ? whole.length : Math.max(1, Math.ceil(bytesPerSecond / 20))
    for (let at = 0; at < whole.length; at += pieceBytes) {
      let piece = whole.subarray(at, at + pieceBytes)
      const wrongAt = wrongByteAt === null ? -1 : wrongByteAt - this.#offset
      if (wrongAt >= 0 && wrongAt < piece.length) {
        piece = Buffer.from(piece)
        piece[wrongAt]! ^= 0xff
      }
      const limit = Math.min(this.#cutAfterBytes ?? Infinity, stallAfterBytes ?? Infinity) - this.#sentBytes
      this.push(piece.subarray(0, limit))
      this.#offset += piece.length
      this.#sentBytes += Math.min(piece.length, limit)
      if (limit <= piece.length) {
        // Time for what was pushed to reach the other side before the connection breaks.
        await sleep(20)
        if (this.#cutAfterBytes !== null && this.#sentBytes >= this.#cutAfterBytes) throw new Error('cut')
        await new Promise((resolve) => this.once('close', resolve))
      }
      if (bytesPerSecond !== null) {
        await sleep(Math.max(0, (this.#sentBytes / bytesPerSecond) * 1000 - (Date.now() - this.#startedAt)))
      }
    }
  }
}
