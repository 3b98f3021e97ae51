const maxGraphemes = 40
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** A chat's title from its first message: the first line that is not blank, 40 characters as a reader counts them. */
export function titleFrom(text: string): string {
  const line = text.trimStart().split(/[\r\n]/, 1)[0]!.trimEnd()
  let count = 0
  for (const { index } of graphemes.segment(line)) {
    if (++count > maxGraphemes) return `${line.slice(0, index).trimEnd()}…`
  }
  return line
}
