/**
 * Reads JSON in pieces, so that a file of hundreds of megabytes needs no more memory than its largest piece. Brackets
 * and quotes are followed byte by byte; a piece is parsed by JSON.parse. What is broken inside a piece costs that
 * piece; a document that breaks off gives all the pieces before that.
 */
export type JsonPath = readonly (string | number)[]

export type JsonItem =
  | { type: 'value'; path: JsonPath; value: unknown }
  /** Not JSON inside, or larger than `mostItemBytes`. */
  | { type: 'bad'; path: JsonPath; reason: 'damaged' | 'too-large' }
  /** The document ends here, in the middle. The last item. */
  | { type: 'cut-off' }

export interface JsonItemOptions {
  /** Whether what stands at `path` is given piece by piece, not as a whole. */
  opens: (path: JsonPath, bracket: '{' | '[') => boolean
  /** What stands at other paths is passed over. Default: all of it is wanted. */
  wants?: (path: JsonPath) => boolean
}

export const mostItemBytes = 256_000_000
/** Deeper than anything an app writes; JSON.parse stands it. */
const mostDepth = 2_000

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

interface OpenContainer {
  isObject: boolean
  /** Of the value that comes next: its index or key. */
  step: string | number | null
  state: 'key' | 'colon' | 'value' | 'after'
}

export async function* jsonItems(
  chunks: AsyncIterable<Uint8Array>,
  { opens, wants = () => true }: JsonItemOptions,
): AsyncGenerator<JsonItem> {
  const stack: OpenContainer[] = []
  let piece: Uint8Array[] = []
  let pieceBytes = 0
  /** What is being passed through: nothing, a string, a bare word, or a container as one piece. */
  let inside: 'nothing' | 'string' | 'word' | 'whole' = 'nothing'
  let isKey = false
  let depth = 0
  let inString = false
  let isEscaped = false
  let isWanted = true
  let hasEnded = false

  const path = (): JsonPath => stack.map(({ step }) => step!)

  function keep(chunk: Uint8Array, from: number, to: number): void {
    if (!isWanted || from >= to) return
    pieceBytes += to - from
    if (pieceBytes > mostItemBytes) piece = []
    else piece.push(chunk.subarray(from, to))
  }

  function take(): JsonItem | null {
    const bytes = Buffer.concat(piece)
    const isTooLarge = pieceBytes > mostItemBytes
    piece = []
    pieceBytes = 0
    inside = 'nothing'
    const place = path()
    const parent = stack.at(-1)
    if (isKey) {
      isKey = false
      const key = parsed(bytes)
      parent!.step = typeof key === 'string' ? key : ''
      parent!.state = 'colon'
      return null
    }
    if (parent) parent.state = 'after'
    else hasEnded = true
    if (!isWanted) return null
    if (isTooLarge) return { type: 'bad', path: place, reason: 'too-large' }
    const value = parsed(bytes)
    return value === undefined ? { type: 'bad', path: place, reason: 'damaged' } : { type: 'value', path: place, value }
  }

  for await (const chunk of chunks) {
    let start = 0
    let at = 0
    // A mark that some editors put first.
    if (stack.length === 0 && inside === 'nothing' && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf)
      at = 3
    for (; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (inside === 'whole' || inside === 'string') {
        if (inString) {
          if (isEscaped) isEscaped = false
          else if (byte === backslash) isEscaped = true
          else if (byte === quote) {
            inString = false
            if (inside === 'string') {
              keep(chunk, start, at + 1)
              const item = take()
              if (item) yield item
            }
          }
        } else if (byte === quote) inString = true
        else if (byte === openBrace || byte === openBracket) depth++
        else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) {
          keep(chunk, start, at + 1)
          const item = take()
          if (item) yield item
        }
        continue
      }
      const isSpace = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
      if (inside === 'word') {
        if (!isSpace && byte !== comma && byte !== closeBrace && byte !== closeBracket) continue
        keep(chunk, start, at)
        const item = take()
        if (item) yield item
      }
      if (isSpace) continue
      if (hasEnded) return
      const parent = stack.at(-1)
      if (parent && (byte === closeBrace || byte === closeBracket)) {
        stack.pop()
        const above = stack.at(-1)
        if (above) above.state = 'after'
        else hasEnded = true
        continue
      }
      if (parent?.state === 'after') {
        if (byte !== comma) return yield { type: 'cut-off' }
        if (!parent.isObject) parent.step = (parent.step as number) + 1
        parent.state = parent.isObject ? 'key' : 'value'
        continue
      }
      if (parent?.state === 'colon') {
        if (byte !== colon) return yield { type: 'cut-off' }
        parent.state = 'value'
        continue
      }
      if (parent?.state === 'key' && byte !== quote) return yield { type: 'cut-off' }
      isKey = parent?.state === 'key'
      if (!isKey && (byte === openBrace || byte === openBracket)) {
        const isObject = byte === openBrace
        if (opens(path(), isObject ? '{' : '[') && stack.length < mostDepth) {
          stack.push({ isObject, step: isObject ? null : 0, state: isObject ? 'key' : 'value' })
          continue
        }
        inside = 'whole'
        depth = 1
        inString = false
      } else if (byte === quote) {
        inside = 'string'
        inString = true
      } else inside = 'word'
      isEscaped = false
      isWanted = isKey || wants(path())
      start = at
    }
    if (inside !== 'nothing') keep(chunk, start, chunk.length)
  }
  if (inside === 'word' && stack.length === 0) {
    const item = take()
    if (item) yield item
  }
  if (!hasEnded) yield { type: 'cut-off' }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
