/**
 * Closes the inline markup that is open where a growing text ends: emphasis, strike-through and
 * code get their closing markers, a link without its whole address becomes its text. Follows
 * CommonMark's rules of delimiter runs as far as they matter at an open end.
 */
interface Mark {
  character: string
  length: number
  /** Could have closed something too, which CommonMark's rule of three asks for. */
  both: boolean
  at: number
}

const runs = /\\[\s\S]|`+|\$\$|\*+|_+|~+|\[|\]/g
const wordCharacter = /[\p{L}\p{N}_]/u
const lastCell = /(?<=^|(?<!\\)\|)(?:[^|]|\\\|)*$/
const listOrHeading = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]+)+(?:\[[ xX]\][ \t])?/

export function closeMarkers(source: string): string {
  const start = beginOfLastLeaf(source)
  return source.slice(0, start) + closed(source.slice(start))
}

/** Emphasis does not cross paragraphs, list items, headings or table cells. */
function beginOfLastLeaf(source: string): number {
  let lineEnd = source.length
  while (lineEnd >= 0) {
    const lineStart = source.lastIndexOf('\n', lineEnd - 1) + 1
    const line = source.slice(lineStart, lineEnd)
    if (line.trim() === '') return lineEnd
    if (/^[ \t>]*\|/.test(line)) return lineStart + lastCell.exec(line)!.index
    const before = listOrHeading.exec(line)
    if (before) return lineStart + before[0].length
    lineEnd = lineStart - 1
  }
  return 0
}

function closed(text: string): string {
  const open: Mark[] = []
  const dropped: [number, number][] = []
  let codeEnd = ''
  runs.lastIndex = 0
  for (let match = runs.exec(text); match && !codeEnd; match = runs.exec(text)) {
    const [run] = match
    const character = run[0]!
    if (character === '`' || character === '$') {
      const closing = closingRun(text, runs.lastIndex, run)
      if (closing !== -1) runs.lastIndex = closing
      else if (character === '`') codeEnd = run
    } else if (character === '[') {
      open.push({ character, length: 1, both: false, at: match.index })
    } else if (character === ']') {
      const label = open.findLastIndex((mark) => mark.character === '[')
      if (label === -1) continue
      const { at } = open[label]!
      open.length = label
      if (text[runs.lastIndex] !== '(') continue
      const addressEnd = text.indexOf(')', runs.lastIndex)
      if (addressEnd === -1) {
        dropped.push(openingBracket(text, at), [match.index, text.length])
        break
      }
      runs.lastIndex = addressEnd + 1
    } else if (character !== '\\') takeRun(text, match.index, run, open)
  }
  for (const { character, at } of open) if (character === '[') dropped.push(openingBracket(text, at))
  const closers = open.map(({ character, length }) => (character === '[' ? '' : character.repeat(length)))
  return without(text, dropped) + codeEnd + closers.reverse().join('')
}

/** With the `!` of an image. */
function openingBracket(text: string, at: number): [number, number] {
  return [text[at - 1] === '!' ? at - 1 : at, at + 1]
}

/** A run of `*`, `_` or `~` closes what it can and opens with the rest. */
function takeRun(text: string, at: number, run: string, open: Mark[]): void {
  const character = run[0]!
  if (character === '~' && run.length !== 2) return
  const previous = text[at - 1] ?? ' '
  const next = text[at + run.length] ?? ' '
  const insideWord = character === '_' && wordCharacter.test(previous) && wordCharacter.test(next)
  const canOpen = !/\s/.test(next) && !insideWord && !(character === '_' && wordCharacter.test(previous))
  const canClose = !/\s/.test(previous) && !insideWord && !(character === '_' && wordCharacter.test(next))
  const both = canOpen && canClose
  let length = run.length
  while (canClose && length > 0) {
    const index = open.findLastIndex((mark) => {
      if (mark.character !== character) return mark.character === '['
      const ruleOfThree = (both || mark.both) && (mark.length + length) % 3 === 0 && length % 3 !== 0
      return !ruleOfThree
    })
    const mark = open[index]
    // What began outside of a link's text does not end in it.
    if (!mark || mark.character === '[') break
    const used = Math.min(mark.length, length)
    mark.length -= used
    length -= used
    open.length = mark.length > 0 ? index + 1 : index
  }
  if (canOpen && length > 0) open.push({ character, length, both, at })
}

/** Where the run that closes `run` ends; -1 when it does not come. */
function closingRun(text: string, from: number, run: string): number {
  for (let at = text.indexOf(run, from); at !== -1; ) {
    let end = at + run.length
    while (text[end] === run[0]) end += 1
    if (end - at === run.length) return end
    at = text.indexOf(run, end)
  }
  return -1
}

function without(text: string, dropped: [number, number][]): string {
  let kept = ''
  let from = 0
  for (const [start, end] of dropped.sort(([a], [b]) => a - b)) {
    kept += text.slice(from, start)
    from = end
  }
  return kept + text.slice(from)
}
