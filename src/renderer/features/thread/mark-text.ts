/**
 * Marks words in the messages that are in the page, by the browser's own highlights: no element is added, so React
 * and a selection notice nothing. A word is found across emphasis and colours, but not from one block to the next.
 */
import { fold, placesOf } from './find-text.ts'
import type { Hit } from './find-store.ts'

const blocks = 'p, li, pre, td, th, h1, h2, h3, h4, h5, h6, dt, dd, blockquote, div, summary'

/** Marks the words in all of the rows, and gives the range of the active hit, if it is in the page. */
export function markText(rows: Iterable<HTMLElement>, words: readonly string[], active: Hit | null): Range | null {
  const found: Range[] = []
  let shown: Range | null = null
  for (const row of rows) {
    const ranges = rangesIn(row, words)
    found.push(...ranges)
    if (active && row.dataset.message === active.messageId) {
      shown = ranges[Math.min(active.ordinal, ranges.length - 1)] ?? null
    }
  }
  setHighlight('found', found)
  setHighlight('found-active', shown ? [shown] : [])
  return shown
}

export function clearMarks(): void {
  setHighlight('found', [])
  setHighlight('found-active', [])
}

function setHighlight(name: string, ranges: Range[]): void {
  // Browsers without highlights still go from hit to hit.
  if (!('highlights' in CSS)) return
  if (ranges.length > 0) CSS.highlights.set(name, new Highlight(...ranges))
  else CSS.highlights.delete(name)
}

function rangesIn(row: HTMLElement, words: readonly string[]): Range[] {
  const nodes: { node: Text; start: number }[] = []
  let text = ''
  let block: Element | null = null
  for (const area of row.querySelectorAll('[data-selectable]')) {
    // What a model thought lies in its answer.
    if (area.parentElement!.closest('[data-selectable]')) continue
    const walker = document.createTreeWalker(area, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!
      if (parent.closest('button, .katex-mathml, .code-block-head')) continue
      const around = parent.closest(blocks)
      if (around !== block) text += '\n'
      block = around
      nodes.push({ node: node as Text, start: text.length })
      text += (node as Text).data
    }
  }
  const folded = fold(text)
  const places = words.flatMap((word) => placesOf(folded, word).map((start) => [start, start + word.length] as const))
  return places.sort(([a], [b]) => a - b).map(([start, end]) => rangeOf(nodes, start, end))
}

function rangeOf(nodes: { node: Text; start: number }[], start: number, end: number): Range {
  const range = document.createRange()
  const first = nodes.findLast((piece) => piece.start <= start)!
  const last = nodes.findLast((piece) => piece.start < end)!
  range.setStart(first.node, start - first.start)
  range.setEnd(last.node, Math.min(last.node.length, end - last.start))
  return range
}
