/**
 * Reads the header of a GGUF file on a hub by range requests. Of a file of several gigabytes with a
 * vocabulary of a quarter of a million texts that takes about a megabyte (see `guess-end-of-texts.ts`);
 * where a guess was wrong, the whole header is read.
 */
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { parseGgufHeader, type GgufHeader, type GuessEndOfTexts } from '../../shared/lib/gguf-header.ts'
import { guessEndOfTexts } from './guess-end-of-texts.ts'
import { failedRequest, fetchFrom, type RequestSubject } from './hub-requests.ts'
import type { FileLocation } from './hub-source.ts'

export interface RemoteHeader {
  header: GgufHeader
  transferredBytes: number
}

const requestTimeoutMs = 30_000
const guessedWindowBytes = 65_536
const wholeWindowBytes = 2 ** 20
/** No real header comes near it; see `parseGgufHeader`. */
const maxHeaderBytes = 2 ** 27

/** `path` is what failures name. Rejects with the codes of the hubs, NOT_GGUF, FILE_TRUNCATED or FILE_DAMAGED. */
export async function readRemoteHeader(
  location: FileLocation,
  subject: RequestSubject,
  path: string,
  sizeBytes: number,
  signal?: AbortSignal,
): Promise<RemoteHeader> {
  const ranges = new Ranges(location, subject, sizeBytes, signal)
  const read = async (windowBytes: number, guessEnd?: GuessEndOfTexts) => {
    const parsing = parseGgufHeader(path, sizeBytes, guessEnd)
    let step = parsing.next()
    while (!step.done) step = parsing.next(await ranges.read(step.value.offset, step.value.length, windowBytes))
    return step.value
  }
  let hasGuessed = false
  const header = await read(guessedWindowBytes, function* (array) {
    const end = yield* guessEndOfTexts(array)
    hasGuessed ||= end !== null
    return end
  }).catch((error: unknown) => {
    const isWrongGuess = hasGuessed && error instanceof AppFailure && error.code.startsWith('FILE_')
    if (!isWrongGuess) throw error
    return read(wholeWindowBytes)
  })
  return { header, transferredBytes: ranges.transferredBytes }
}

/** The bytes of a remote file, with those that came before kept at hand. */
class Ranges {
  transferredBytes = 0
  readonly #location: FileLocation
  readonly #subject: RequestSubject
  readonly #sizeBytes: number
  readonly #signal: AbortSignal | undefined
  /** Where redirects ended: later ranges are asked for there. */
  #address: Pick<FileLocation, 'url' | 'headers'>
  #known: { offset: number; bytes: Buffer }[] = []

  constructor(location: FileLocation, subject: RequestSubject, sizeBytes: number, signal: AbortSignal | undefined) {
    this.#location = location
    this.#address = location
    this.#subject = subject
    this.#sizeBytes = sizeBytes
    this.#signal = signal
  }

  /** At least `length` bytes from `offset` on, fewer only at the end of the file. */
  async read(offset: number, length: number, windowBytes: number): Promise<Buffer> {
    const end = Math.min(offset + length, this.#sizeBytes)
    if (offset >= end) return Buffer.alloc(0)
    const known = this.#known.find((range) => range.offset <= offset && end <= range.offset + range.bytes.length)
    if (known) return known.bytes.subarray(offset - known.offset)
    const bytes = await this.#fetch(offset, Math.min(Math.max(end, offset + windowBytes), this.#sizeBytes))
    this.#known.push({ offset, bytes })
    return bytes
  }

  async #fetch(start: number, end: number): Promise<Buffer> {
    const fail = (cause: unknown) => failedRequest(this.#location, this.#subject, cause)
    const { host } = new URL(this.#location.url)
    if (this.transferredBytes + end - start > maxHeaderBytes) {
      throw new AppFailure('HUB_FAILED', { host, detail: `a header of more than ${maxHeaderBytes} bytes` })
    }
    const timeout = AbortSignal.timeout(requestTimeoutMs)
    try {
      const response = await fetchFrom(this.#address, {
        headers: { range: `bytes=${start}-${end - 1}`, 'accept-encoding': 'identity' },
        signal: this.#signal ? AbortSignal.any([this.#signal, timeout]) : timeout,
      })
      if (!response.ok) throw fail(response)
      const isRange = response.headers.get('content-range')?.startsWith(`bytes ${start}-`)
      if (!isRange) {
        await response.body?.cancel()
        throw new AppFailure('HUB_FAILED', { host, detail: 'no ranges' })
      }
      const isOwnOrigin = new URL(response.url).origin === new URL(this.#location.url).origin
      this.#address = { url: response.url, headers: isOwnOrigin ? this.#location.headers : {} }
      const bytes = Buffer.from(await response.arrayBuffer())
      this.transferredBytes += bytes.length
      return bytes
    } catch (error) {
      throw fail(error)
    }
  }
}
