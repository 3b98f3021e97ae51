/**
 * Tokens and the text they make. The bytes of an unfinished character come written as `\xE7`, which a text may
 * also hold as those four letters; which of the two a token is, the text itself tells.
 */
const encoder = new TextEncoder()
const decoder = new TextDecoder()
/** Only bytes from 80 on are ever a part of a character. */
const writtenByte = /\\x([89A-F][0-9A-F])/g

/** The bytes of a token whose text has written-out bytes in it. */
function unescaped(token: string): Uint8Array {
  const parts: Uint8Array[] = []
  let at = 0
  for (const match of token.matchAll(writtenByte)) {
    parts.push(encoder.encode(token.slice(at, match.index)), Uint8Array.of(parseInt(match[1]!, 16)))
    at = match.index + match[0].length
  }
  parts.push(encoder.encode(token.slice(at)))
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

/** What the tokens read together; characters whose bytes were in several tokens are whole again. */
export function joinedTokens(tokens: readonly string[]): string {
  const pieces = tokens.map(unescaped)
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return decoder.decode(bytes)
}

/**
 * Where each token begins in the text (UTF-16 units); null where that is inside a character, and from where the
 * tokens are not those of the text.
 */
export function tokenStarts(tokens: readonly string[], text: string): (number | null)[] {
  const bytes = encoder.encode(text)
  let byteAt = 0
  let unitAt = 0
  let isLost = false
  return tokens.map((token) => {
    const piece = [encoder.encode(token), unescaped(token)].find((piece) => startsWith(bytes, piece, byteAt))
    isLost ||= !piece
    if (!piece || isLost) return null
    const start = isContinuation(bytes[byteAt]) ? null : unitAt
    for (const byte of piece) unitAt += isContinuation(byte) ? 0 : byte >= 0xf0 ? 2 : 1
    byteAt += piece.length
    return start
  })
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80

function startsWith(bytes: Uint8Array, piece: Uint8Array, at: number): boolean {
  return at + piece.length <= bytes.length && piece.every((byte, index) => bytes[at + index] === byte)
}

/** Whether a token alone is whole characters. */
export function isWhole(token: string): boolean {
  return token !== '' && token.search(writtenByte) < 0
}

/** Tokens in groups that are laid out together: a line each, or so many tokens. Pairs of first index and end. */
export function tokenGroups(tokens: readonly { text: string }[], most = 60): [from: number, to: number][] {
  const groups: [number, number][] = []
  let from = 0
  tokens.forEach(({ text }, index) => {
    if (index + 1 - from < most && !text.endsWith('\n') && index + 1 < tokens.length) return
    groups.push([from, index + 1])
    from = index + 1
  })
  return groups
}
