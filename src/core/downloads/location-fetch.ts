/**
 * What is missing of a file, fetched from one location: by several connections, each of which takes the next
 * missing segment after another, so that bytes arrive near the front, where the hash follows them. Ends once:
 * when nothing is missing, or when the location does not serve any more.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FileLocation } from '../hubs/hub-source.ts'
import type { ByteRange, ByteRanges } from './byte-ranges.ts'
import { connectionCut, type HttpConnection, type ResponseHead, ResponseNotUnderstood } from './http-connection.ts'
import { RangeRequests, Refused } from './range-requests.ts'
import type { TransferEnd } from './transfer-messages.ts'

const maxConnections = 4
/** While all together are slower than this, another connection may gain something. */
const fastBytesPerSecond = 100e6
const addConnectionMs = 500
/** Asking again costs a round trip each time: as long as its connection takes for this, within bounds. */
const segmentMs = 10_000
const segmentBytes = { least: 4 * 2 ** 20, most: 2 ** 30 }
/** Connections that were lost without a new byte, and that stood still, one after another. */
const maxCuts = 5
const maxStalls = 3
/** So much after a stall, and the host is taken as working again. */
const recoveredBytes = 2 ** 20

export interface FileBytes {
  sizeBytes: number
  received: ByteRanges
  /** Throws DiskError. */
  write: (bytes: Buffer, offset: number) => void
}

/** Writing to the part file failed. */
export class DiskError extends Error {
  /** The system's, such as ENOSPC. */
  readonly code: string

  constructor(cause: unknown) {
    super(String(cause), { cause })
    this.code = (cause as NodeJS.ErrnoException).code ?? 'UNKNOWN'
  }
}

export class LocationFetch {
  /** null: nothing is missing. */
  readonly ended: Promise<TransferEnd | null>
  readonly #resolve: (end: TransferEnd | null) => void
  readonly #file: FileBytes
  readonly #stallMs: number
  readonly #requests: RangeRequests
  /** What connections are fetching now. */
  readonly #claims = new Set<ByteRange>()
  readonly #timer: NodeJS.Timeout
  #isOver = false
  #laneCount = 0
  #maxLanes = maxConnections
  #etag: string | null = null
  #cuts = 0
  #stalls = 0
  #bytesSinceStall = 0
  #bytesSinceLane = 0
  #nextLaneAt = performance.now() + addConnectionMs

  constructor(location: FileLocation, file: FileBytes, stallMs: number) {
    ;({ promise: this.ended, resolve: this.#resolve } = Promise.withResolvers<TransferEnd | null>())
    this.#file = file
    this.#stallMs = stallMs
    this.#requests = new RangeRequests(location)
    this.#timer = setInterval(() => this.#tick(), Math.min(addConnectionMs, stallMs / 4))
    void this.#lane()
  }

  end(end: TransferEnd | null): void {
    if (this.#isOver) return
    this.#isOver = true
    clearInterval(this.#timer)
    for (const connection of this.#requests.connections) connection.destroy()
    this.#resolve(end)
  }

  /** Gives up connections on which nothing comes, and opens another while the ones there are slow. */
  #tick(): void {
    const now = performance.now()
    for (const connection of this.#requests.connections) {
      if (now - connection.activeAt > this.#stallMs) connection.destroy(new Stalled())
    }
    if (now < this.#nextLaneAt) return
    const isSlow = this.#bytesSinceLane < (fastBytesPerSecond * addConnectionMs) / 1000
    this.#bytesSinceLane = 0
    this.#nextLaneAt = now + addConnectionMs
    if (isSlow && this.#laneCount < this.#maxLanes && this.#nextGap()) void this.#lane()
  }

  /** One connection's work, also where it is lost and made anew. */
  async #lane(): Promise<void> {
    this.#laneCount++
    let connection: HttpConnection | null = null
    let wantedBytes = segmentBytes.least
    for (let gap = this.#nextGap(); gap && !this.#isOver; gap = this.#nextGap()) {
      const claim = this.#claim(gap, wantedBytes)
      const startedAt = performance.now()
      try {
        connection = await this.#fetchRange(claim, connection)
        wantedBytes = ((claim.end - claim.start) / (performance.now() - startedAt)) * segmentMs
      } catch (error) {
        this.#claims.delete(claim)
        connection = null
        if (this.#isOver || !(await this.#goesOn(error))) break
      }
      this.#claims.delete(claim)
    }
    connection?.destroy()
    this.#laneCount--
    if (this.#isOver) return
    if (this.#file.received.firstGap(this.#file.sizeBytes) === null) this.end(null)
    else if (this.#laneCount === 0) void this.#lane()
  }

  #nextGap(): ByteRange | null {
    return this.#file.received.firstGap(this.#file.sizeBytes, [...this.#claims])
  }

  #claim({ start, end }: ByteRange, wantedBytes: number): ByteRange {
    const share = (this.#file.sizeBytes - start) / this.#laneCount
    const length = Math.ceil(Math.max(segmentBytes.least, Math.min(wantedBytes, share, segmentBytes.most)))
    const claim = { start, end: Math.min(end, start + length) }
    this.#claims.add(claim)
    return claim
  }

  async #fetchRange(claim: ByteRange, kept: HttpConnection | null): Promise<HttpConnection> {
    let offset = 0
    const connection = await this.#requests.get(
      claim,
      kept,
      (head, used) => {
        this.#checkHead(head, claim)
        if (head.status === 200) this.#takeWhole(claim, used)
        offset = claim.start
      },
      (bytes) => {
        this.#take(bytes, offset)
        offset += bytes.length
      },
    )
    if (offset < claim.end) throw connectionCut()
    return connection
  }

  /** Throws if what follows is not of this version of the file. */
  #checkHead({ status, headers }: ResponseHead, claim: ByteRange): void {
    const etag = headers['etag'] ?? null
    if (etag !== null && this.#etag !== null && etag !== this.#etag) throw new Changed()
    this.#etag ??= etag
    if (status === 206) {
      const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '')
      if (Number(range?.[1]) !== claim.start) throw new ResponseNotUnderstood('another range than asked for')
      if (range![2] !== '*' && Number(range![2]) !== this.#file.sizeBytes) throw new Changed()
    } else if (headers['content-length'] !== undefined && Number(headers['content-length']) !== this.#file.sizeBytes) {
      throw new Changed()
    }
  }

  /** A host without ranges sends the file from its beginning: one connection has to do. */
  #takeWhole(claim: ByteRange, connection: HttpConnection): void {
    this.#maxLanes = 1
    claim.start = 0
    claim.end = this.#file.sizeBytes
    for (const other of this.#requests.connections) if (other !== connection) other.destroy(new NotNeeded())
  }

  #take(bytes: Buffer, offset: number): void {
    const { received, sizeBytes, write } = this.#file
    const end = offset + bytes.length
    if (end > sizeBytes) throw new Changed()
    this.#bytesSinceStall += bytes.length
    this.#bytesSinceLane += bytes.length
    if (this.#bytesSinceStall > recoveredBytes) this.#stalls = 0
    // A host without ranges sends again what is there already.
    if (received.runEnd(offset) >= end) return
    write(bytes, offset)
    this.#cuts = 0
  }

  /** Whether a lane tries again after its connection failed; ends everything if no other would fare better. */
  async #goesOn(error: unknown): Promise<boolean> {
    if (error instanceof NotNeeded) return false
    if (error instanceof Refused && [429, 503].includes(error.head.status) && this.#laneCount > 1) {
      this.#maxLanes = this.#laneCount - 1
      return false
    }
    if (error instanceof Stalled) {
      this.#bytesSinceStall = 0
      if (++this.#stalls < maxStalls) return true
    } else if (isConnectionError(error) && ++this.#cuts <= maxCuts) {
      await sleep(50 * 2 ** this.#cuts)
      return true
    }
    this.end(endOf(error, this.#requests.lastUrl))
    return false
  }
}

class Stalled extends Error {}
class Changed extends Error {}
class NotNeeded extends Error {}

function isConnectionError(error: unknown): boolean {
  return ![Refused, Changed, ResponseNotUnderstood, DiskError].some((type) => error instanceof type)
}

function endOf(error: unknown, url: string): TransferEnd {
  if (error instanceof Refused) return { type: 'refused', url: error.url, ...error.head }
  if (error instanceof Changed) return { type: 'changed' }
  if (error instanceof Stalled) return { type: 'stalled', url }
  if (error instanceof ResponseNotUnderstood) return { type: 'not-understood', url, detail: error.message }
  if (error instanceof DiskError) return { type: 'disk', code: error.code, message: error.message }
  return { type: 'network', url, reason: (error as NodeJS.ErrnoException).code ?? String(error) }
}
