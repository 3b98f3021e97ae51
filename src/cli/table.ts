/** Columns that line up on a terminal, where a Chinese character is as wide as two letters. */
import stringWidth from 'string-width'

const gap = '  '

/** `right`: the columns, by number, whose cells end in one line. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell))))
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const padding = ' '.repeat(widths[column]! - stringWidth(cell))
          return right.includes(column) ? padding + cell : cell + padding
        })
        .join(gap)
        .trimEnd(),
    )
    .join('\n')
}

// A line break, spaces, a word, or a Chinese character, with what closes it: that never begins a line.
const closing = '[\u3001\u3002\uff01\uff09\uff0c\uff1a\uff1b\uff1f]*'
const breakable = new RegExp(
  `\\n|[ \\t]+|[^\\s\\p{Script=Han}\\u3000-\\u303f\\uff00-\\uffef]+${closing}|[^\\s]${closing}`,
  'gu',
)

/** The text in lines of at most `width` columns, broken at spaces and between Chinese characters. */
export function wrap(text: string, width: number): string {
  const pieces = text.match(breakable) ?? []
  let line = ''
  const lines: string[] = []
  for (const piece of pieces) {
    if (piece === '\n' || stringWidth(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    if (line !== '' || piece.trim() !== '') line += piece
  }
  return [...lines, line.trimEnd()].join('\n')
}

/** As much of the text as `width` columns hold. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break
    kept += segment
  }
  return `${kept}…`
}
