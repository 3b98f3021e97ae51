/**
 * Where a text stands among tokens, as ranges of their indexes. Capital and small letters are the same;
 * a hit may begin and end inside a token.
 */
export function findTokens(tokens: readonly string[], query: string): [from: number, to: number][] {
  if (query === '') return []
  const { text, starts } = joined(tokens)
  const wanted = lower(query)
  const hits: [number, number][] = []
  let from = 0
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    while (from + 1 < starts.length && starts[from + 1]! <= at) from++
    let to = from
    while (to < starts.length && starts[to]! < at + wanted.length) to++
    hits.push([from, to])
  }
  return hits
}

function joined(tokens: readonly string[]): { text: string; starts: number[] } {
  const starts: number[] = []
  let length = 0
  for (const token of tokens) {
    starts.push(length)
    length += token.length
  }
  return { text: lower(tokens.join('')), starts }
}

/** Of the same length: a few capitals have small forms of two letters. */
function lower(text: string): string {
  const small = text.toLowerCase()
  return small.length === text.length ? small : text
}
