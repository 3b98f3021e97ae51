/**
 * Finds the end of a vocabulary in a GGUF file that is far away, without reading the vocabulary: a few
 * megabytes of tokens and merges are most of a header, and nothing of them is wanted. The texts stand
 * one after the other, each with its length before it, so a small window anywhere tells whether it lies
 * among them: there the lengths chain the texts together, and nowhere else. Halving the distance finds
 * the end. What comes out is a guess, and right if the rest of the header makes sense, which
 * `parseGgufHeader` checks.
 */
import type { GuessEndOfTexts, Reading } from '../../shared/lib/gguf-header.ts'

/** Shorter lists are read as they are. */
const minCount = 16_384
const probeBytes = 16_384
/** How far the end is searched before all in between is read. */
const closeBytes = 131_072
/** So many texts after each other are no accident. */
const chainLength = 32
/** Of a token; the longest known ones are lines of 512 characters. */
const maxTextBytes = 2048

/** Only for `tokenizer.ggml.tokens` and `.merges`, which differ by the space in each merge. */
export const guessEndOfTexts: GuessEndOfTexts = function* ({ key, count, offset }) {
  const kind = key === 'tokenizer.ggml.tokens' ? 'tokens' : key === 'tokenizer.ggml.merges' ? 'merges' : null
  if (!kind || count < minCount) return null
  // No token is shorter than one byte and no merge shorter than three, so this is still among them.
  let inside = offset + count * (8 + (kind === 'tokens' ? 1 : 3))
  let outside = Infinity
  for (let step = count * 4; outside - inside > closeBytes; ) {
    const probe = outside === Infinity ? inside + step : Math.floor((inside + outside) / 2)
    if (isAmong(yield { offset: probe, length: probeBytes }, kind)) inside = probe
    else outside = probe
    step *= 2
  }
  return yield* endOfChain(inside, outside)
}

function isAmong(bytes: Buffer, kind: 'tokens' | 'merges'): boolean {
  const start = startOfChain(bytes)
  if (start === null) return false
  let withSpace = 0
  let at = start
  for (let i = 0; i < chainLength; i++) {
    const end = at + 8 + lengthAt(bytes, at)!
    if (bytes.subarray(at + 8, end).includes(0x20)) withSpace++
    at = end
  }
  return withSpace > chainLength / 2 === (kind === 'merges')
}

/** The end is before the text that is the next key, or the name of the first tensor. */
function* endOfChain(inside: number, outside: number): Reading<number | null> {
  let windowOffset = inside
  let bytes = yield { offset: inside, length: Math.min(outside - inside, closeBytes) + probeBytes }
  const start = startOfChain(bytes)
  if (start === null) return null
  let last = inside + start
  for (let at = last; ; ) {
    if (at - windowOffset + 8 + maxTextBytes > bytes.length && bytes.length > 0) {
      windowOffset = at
      bytes = yield { offset: at, length: probeBytes }
    }
    const length = lengthAt(bytes, at - windowOffset)
    if (length === null) return last
    const text = bytes.subarray(at - windowOffset + 8, at - windowOffset + 8 + length)
    // A key that is followed by a zero would pass for another text.
    if (/^(tokenizer\.(ggml|chat_template)|general\.|quantize\.|split\.)/.test(text.toString('latin1'))) return at
    last = at
    at += 8 + length
  }
}

/** Where the first chain in `bytes` begins; null if there is none. Zeros would pass for empty texts. */
function startOfChain(bytes: Buffer): number | null {
  for (let start = 0; start + 8 <= bytes.length; start++) {
    let at = start
    let links = 0
    for (; links < chainLength; links++) {
      const length = lengthAt(bytes, at)
      if (!length || at + 8 + length > bytes.length) break
      at += 8 + length
    }
    if (links === chainLength) return start
  }
  return null
}

/** The length of the text that begins there, if it is a plausible one. */
function lengthAt(bytes: Buffer, at: number): number | null {
  if (at + 8 > bytes.length || bytes.readUInt32LE(at + 4) !== 0) return null
  const length = bytes.readUInt32LE(at)
  return length <= maxTextBytes ? length : null
}
