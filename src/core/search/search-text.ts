/**
 * What the search takes for the same text, and what of a text its index keeps. Texts are folded: letters in their
 * plain width and form (NFKC) and small. A text contains a word only if it has all grams of the word, so the index
 * of grams finds every message that a word is in, and some more, which are then looked at.
 */

/** Code points that may join the one before them when a text is folded. All others begin a piece that folds by itself. */
const joining = '\\p{M}\\u1160-\\u11ff\\ud7b0-\\ud7ff\\uff9e-\\uffdc'
/** Characters that fold to one unit each, whatever stands round them unless it joins them: most of most texts. */
const plain = '\\0-\\x7f\\u3001-\\u3029\\u4e00-\\u9fff\\uff01-\\uff5e'
const pieces = new RegExp(`([${plain}]+)(?![${joining}])|[^][${joining}]*`, 'gu')
const pieceStart = new RegExp(`[^${joining}]`, 'gu')
const separators = /[\s\0- \x7f]+/
/** Grams of letters before this character are up to three long; those of Chinese and all after it up to two. */
const firstIdeographic = '\u2e80'
/** More say nothing that these have not said. */
const mostQueryGrams = 32

const partLength = 1_000
const charactersBefore = 30
const charactersAfter = 150

/** Start and end of a hit, in UTF-16 units of the text as it stands. */
export type TextRange = [number, number]

export function fold(text: string): string {
  // The small sigma at the end of a word is another letter than the one inside, but not to who looks for it.
  return text.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ')
}

/** The words of a query, folded. Each must be found. */
export function wordsOf(query: string): string[] {
  return [...new Set(fold(query).split(separators))].filter((word) => word !== '')
}

/** Of a folded text: each character, each two that meet and, of alphabets, each three. */
export function gramsOf(folded: string): Set<string> {
  const grams = new Set<string>()
  let last = ''
  let lastButOne = ''
  for (const character of folded) {
    if (character <= ' ' || character === '\x7f') {
      last = lastButOne = ''
      continue
    }
    grams.add(character)
    if (last !== '') grams.add(last + character)
    if (lastButOne !== '' && isAlphabetic(character) && isAlphabetic(last) && isAlphabetic(lastButOne)) {
      grams.add(lastButOne + last + character)
    }
    lastButOne = last
    last = character
  }
  return grams
}

/** Grams that every text with these words has: the longest, because the fewest texts have them. */
export function queryGrams(words: string[]): string[] {
  const grams = words.flatMap((word) => {
    const all = [...gramsOf(word)]
    return all.filter((gram) => !all.some((other) => other.length > gram.length && other.includes(gram)))
  })
  return [...new Set(grams)].slice(0, mostQueryGrams)
}

/** Whether a folded text has all of the words. */
export function hasWords(folded: string, words: string[]): boolean {
  return words.every((word) => folded.includes(word))
}

/** Where the words stand in a text that is not long. In order, apart from each other. */
export function rangesOf(text: string, words: string[]): TextRange[] {
  const { folded, starts } = foldPieces(text)
  const ranges: TextRange[] = []
  for (const word of words) {
    for (let at = folded.indexOf(word); at !== -1; at = folded.indexOf(word, at + word.length)) {
      ranges.push([starts[at]!, pieceEnd(starts, at + word.length - 1)])
    }
  }
  return joined(ranges)
}

/** Some text round the first of the words, on one line, and where the words stand in it. */
export function excerptOf(text: string, words: string[]): { excerpt: string; ranges: TextRange[] } {
  const folded = fold(text)
  const at = Math.min(...words.map((word) => folded.indexOf(word)).filter((index) => index !== -1))
  const hit = originalOffset(text, at)
  const longest = Math.max(...words.map(({ length }) => length))
  const start = hit <= charactersBefore ? 0 : startOfPiece(text, hit - charactersBefore)
  const end = startOfPiece(text, hit + Math.max(charactersAfter, longest * 3))
  const line = text.slice(start, end).replace(/[\s\0- ]+/g, ' ').trim()
  const excerpt = `${start > 0 ? '…' : ''}${line}${end < text.length ? '…' : ''}`
  return { excerpt, ranges: rangesOf(excerpt, words) }
}

function isAlphabetic(character: string): boolean {
  return character < firstIdeographic
}

/** A text folded piece by piece, and for each unit of the result where the piece that it is of begins; last the end. */
function foldPieces(text: string): { folded: string; starts: number[] } {
  let folded = ''
  const starts: number[] = []
  for (const { 0: piece, 1: plainPieces, index } of text.matchAll(pieces)) {
    const foldedPiece = fold(piece)
    folded += foldedPiece
    for (let i = 0; i < foldedPiece.length; i++) starts.push(plainPieces === undefined ? index : index + i)
  }
  starts.push(text.length)
  return { folded, starts }
}

/** The end of the piece that a folded unit is of. */
function pieceEnd(starts: number[], unit: number): number {
  let next = unit + 1
  while (starts[next] === starts[unit]) next++
  return starts[next]!
}

/** Where in a text a unit of the folded text comes from. Takes the text in parts, so that a long one is folded quickly. */
function originalOffset(text: string, foldedOffset: number): number {
  let left = foldedOffset
  for (let start = 0; ; ) {
    const end = startOfPiece(text, start + partLength)
    const part = text.slice(start, end)
    const { length } = fold(part)
    if (left < length || end === text.length) return start + foldPieces(part).starts[Math.min(left, length)]!
    left -= length
    start = end
  }
}

/** The first offset, from this one on, where a piece begins; the end of the text if none does. */
function startOfPiece(text: string, offset: number): number {
  if (offset >= text.length) return text.length
  pieceStart.lastIndex = offset
  const match = pieceStart.exec(text)
  return match ? match.index : text.length
}

function joined(ranges: TextRange[]): TextRange[] {
  const result: TextRange[] = []
  for (const range of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1])
    else result.push(range)
  }
  return result
}
