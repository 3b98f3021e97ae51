/** Learns a byte-level BPE vocabulary from texts, and encodes text with it as llama.cpp does. */
import { BYTE_ALPHABET, toByteAlphabet } from '../gguf/byte-alphabet.ts'
import { TOKEN_CONTROL, TOKEN_NORMAL, type Vocabulary } from '../gguf/llama-metadata.ts'

/** The control tokens of Llama 3 that the demo model uses. */
export const CONTROL_TOKENS = {
  bos: '<|begin_of_text|>',
  endOfText: '<|end_of_text|>',
  startHeader: '<|start_header_id|>',
  endHeader: '<|end_header_id|>',
  eot: '<|eot_id|>'
} as const

/** Llama 3's rule for cutting text into words before merging (`llama-bpe`). */
const WORD =
  /(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu

/** Longer tokens would hide the words they are made of. */
const LONGEST_TOKEN_BYTES = 12
const RAREST_PAIR = 2

/**
 * Learns merges until the vocabulary has `size` tokens or no pair occurs twice.
 * `wholeWords` always become tokens of their own.
 */
export function learnVocabulary(
  texts: Iterable<string>,
  wholeWords: readonly string[],
  size: number
): Vocabulary {
  const words = countWords(texts)
  for (const word of wholeWords) words.set(word, 1_000_000)
  const pieces = [...words].map(([word, count]) => ({ count, symbols: [...toByteAlphabet(word)] }))
  const tokens: string[] = [...BYTE_ALPHABET]
  const merges: string[] = []
  const controls = Object.values(CONTROL_TOKENS)
  while (tokens.length < size - controls.length) {
    const best = mostFrequentPair(pieces)
    if (!best) break
    merges.push(best.join(' '))
    tokens.push(best.join(''))
    for (const piece of pieces) piece.symbols = mergePair(piece.symbols, best)
  }
  const types = [...tokens.map(() => TOKEN_NORMAL), ...controls.map(() => TOKEN_CONTROL)]
  tokens.push(...controls)
  const id = (token: string) => tokens.indexOf(token)
  return {
    model: 'bpe',
    tokens,
    types,
    scores: [],
    merges,
    bos: id(CONTROL_TOKENS.bos),
    eos: id(CONTROL_TOKENS.eot),
    eot: id(CONTROL_TOKENS.eot)
  }
}

export type Encode = (text: string) => number[]

/** Returns a function that turns plain text (no control tokens) into token ids. */
export function createEncoder(vocabulary: Vocabulary): Encode {
  const ids = new Map(vocabulary.tokens.map((token, id) => [token, id]))
  const ranks = new Map(vocabulary.merges.map((merge, rank) => [merge, rank]))
  const cache = new Map<string, number[]>()
  const encodeWord = (word: string) => {
    const spelled = toByteAlphabet(word)
    const whole = ids.get(spelled)
    if (whole !== undefined) return [whole]
    return applyMerges([...spelled], ranks).map((symbol) => ids.get(symbol) ?? 0)
  }
  return (text) =>
    (text.match(WORD) ?? []).flatMap((word) => {
      const known = cache.get(word) ?? encodeWord(word)
      cache.set(word, known)
      return known
    })
}

function countWords(texts: Iterable<string>): Map<string, number> {
  const words = new Map<string, number>()
  for (const text of new Set(texts)) {
    for (const word of text.match(WORD) ?? []) words.set(word, (words.get(word) ?? 0) + 1)
  }
  return words
}

function mostFrequentPair(pieces: readonly { count: number; symbols: string[] }[]): [string, string] | undefined {
  const counts = new Map<string, number>()
  for (const { count, symbols } of pieces) {
    forEachPair(symbols, (left, right) => {
      if (left.length + right.length > LONGEST_TOKEN_BYTES) return
      const key = `${left} ${right}`
      counts.set(key, (counts.get(key) ?? 0) + count)
    })
  }
  let best: string | undefined
  let bestCount = RAREST_PAIR - 1
  for (const [key, count] of counts) {
    if (count > bestCount) [best, bestCount] = [key, count]
  }
  const [left, right] = best?.split(' ') ?? []
  return left && right ? [left, right] : undefined
}

function applyMerges(symbols: string[], ranks: ReadonlyMap<string, number>): string[] {
  for (;;) {
    let best: [string, string] | undefined
    let bestRank = Infinity
    forEachPair(symbols, (left, right) => {
      const rank = ranks.get(`${left} ${right}`) ?? Infinity
      if (rank < bestRank) [best, bestRank] = [[left, right], rank]
    })
    if (!best) return symbols
    symbols = mergePair(symbols, best)
  }
}

function mergePair(symbols: readonly string[], [left, right]: readonly [string, string]): string[] {
  const merged: string[] = []
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      merged.push(left + right)
      i++
    } else merged.push(symbols[i] ?? '')
  }
  return merged
}

function forEachPair(symbols: readonly string[], visit: (left: string, right: string) => void): void {
  symbols.forEach((right, i) => {
    const left = symbols[i - 1]
    if (left !== undefined) visit(left, right)
  })
}
