/**
 * The text of a file whose encoding nobody told: UTF-8 and UTF-16 by their marks or by their bytes, then the
 * two encodings that older Chinese files are in, told apart by which reading has the commoner characters.
 */

/** null = not a text. */
export function decodeText(bytes: Uint8Array): string | null {
  for (const [encoding, mark] of marks) {
    if (mark.every((byte, index) => bytes[index] === byte)) return decoded(bytes, encoding)
  }
  if (bytes.subarray(0, 65_536).includes(0)) return best([decoded(bytes, 'utf-16le'), decoded(bytes, 'utf-16be')])
  return (
    decoded(bytes, 'utf-8') ??
    best([decoded(bytes, 'gb18030'), decoded(bytes, 'big5')]) ??
    decoded(bytes, 'windows-1252')
  )
}

const marks: [encoding: string, mark: number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/** null where the bytes are not valid in this encoding, or give what no text has. */
function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return isText(text) ? text : null
  } catch {
    return null
  }
}

/** Control characters other than white space and escape, which logs have; private and unassigned ones. */
// eslint-disable-next-line no-control-regex -- that one is what is meant
const strange = /[^\P{Cc}\s\u{1b}]|\p{Co}|\p{Cn}/gu
/** Of all characters; more are a sign of something else than text. */
const mostStrange = 0.005

function isText(text: string): boolean {
  const sample = text.slice(0, 200_000)
  return (sample.match(strange)?.length ?? 0) <= sample.length * mostStrange
}

/** Among the most used characters of Chinese, simplified and traditional, and the signs every text has. */
const common = /[的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後作里裡，。、：「」\n a-z]/g

function best(readings: (string | null)[]): string | null {
  let found: string | null = null
  let most = -1
  for (const text of readings) {
    if (text === null) continue
    const sample = text.slice(0, 200_000)
    const share = (sample.match(common)?.length ?? 0) / Math.max(1, sample.length)
    if (share <= most) continue
    found = text
    most = share
  }
  return found
}
