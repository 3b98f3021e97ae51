/**
 * Completes the last block of a text that is still being written, so that no marker shows for a
 * moment that later turns out to be markup: open emphasis, code and links are closed, a table gets
 * its delimiter row, and markers whose meaning the next characters decide are held back. Only what
 * is shown changes; the text itself stays as it came.
 */
import { closeMarkers } from './close-markers.ts'
import { normaliseFormulas } from '../../../../shared/lib/normalise-formulas.ts'

/** A line that so far could be the beginning of a heading, list item, rule, table or fence. */
const undecidedLine =
  /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:[-*+=_~`#|:<>![\]$\\ \t]+|\d{1,9}[.)]?|\[[ xX]\]?)$/
/** Markers at the end of a line that has text: they may go on or close something. */
const undecidedEnd = /(?:[*_~`$\\![]+|<(?:b(?:r ?\/?)?)?)$/
/** `[text]`, of which the next character tells whether it is a link; `[^1]` is a footnote. */
const bracketsAtEnd = /\[(?!\^)([^[\]\n]*)\]$/
const fenceLine = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$/
const partOfClosingFence = /\n[ \t>]*(?:`+|~+)$/
/** Both patterns decide short ends of a line; a longer run is text, and looking at it each time would be slow. */
const undecidedMost = 80

/** The last block of a growing text, ready for the parser, its formulas normalised. */
export function healBlock(source: string): string {
  if (endsInFence(source)) return normaliseFormulas(source.replace(partOfClosingFence, ''), true)
  const formulas = normaliseFormulas(decidedPart(source.trimEnd()), true)
  return withDelimiterRow(closeMarkers(formulas.trimEnd()))
}

/** Inside a list or a quote; a fence at the top level is a block of its own. */
function endsInFence(source: string): boolean {
  let fence: string | null = null
  for (const line of source.split('\n')) {
    const [, run, rest] = fenceLine.exec(line) ?? []
    if (!run) continue
    if (fence === null) fence = run[0] === '`' && rest!.includes('`') ? null : run
    else if (run.startsWith(fence) && rest!.trim() === '') fence = null
  }
  return fence !== null
}

function decidedPart(source: string): string {
  const lineStart = source.lastIndexOf('\n') + 1
  const line = source.slice(lineStart)
  if (line.length < undecidedMost && undecidedLine.test(line)) return source.slice(0, lineStart).trimEnd()
  const tail = source.slice(-undecidedMost)
  return source.slice(0, -undecidedMost) + tail.replace(undecidedEnd, '').replace(bracketsAtEnd, '$1')
}

/** A first line of cells becomes a table's header at once. */
function withDelimiterRow(source: string): string {
  const lines = source.split('\n')
  const header = lines.at(-1)!
  if (!/^[ \t>]*\|/.test(header) || /^[ \t>]*\|/.test(lines.at(-2) ?? '')) return source
  const cells = header.trim().replace(/^[> \t]*\|/, '').replace(/(?<!\\)\|$/, '').split(/(?<!\\)\|/)
  const before = /^[ \t>]*/.exec(header)![0]
  return `${source}\n${before}|${'---|'.repeat(cells.length)}`
}
