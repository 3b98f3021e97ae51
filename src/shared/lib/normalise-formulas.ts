/**
 * Finds the formulas of a Markdown text and writes them all in one notation: `$$x$$` inside a line,
 * and between `$$` on lines of their own where displayed. The parser then takes only `$$` for maths,
 * so a price with a single dollar stays a price. Models write `$x$`, `$$x$$`, `\(x\)` and `\[x\]`;
 * what stands in code is left alone. Runs in time linear in the text.
 */

/** Stands first in a formula whose end has not been written yet; it is shown as its source until then. */
export const unfinishedMark = '\uE000'

const hasFormula = /\$|\\[([]/
/** What may stand before a block on its line: quotes, indentation, list markers. */
const containers = /^(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))*/
const fenceOpening = /(`{3,})[^`\n]*(?:\n|$)|(~{3,})[^\n]*(?:\n|$)/y
const interesting = /[`~$\\]/g

/** @param growing The text is still being written: a formula that was begun but not ended runs to its end. */
export function normaliseFormulas(source: string, growing: boolean): string {
  if (!hasFormula.test(source)) return source
  const scan = new Scan(source)
  let result = ''
  let copied = 0
  let at = 0
  const replace = (start: number, end: number, text: string) => {
    result += source.slice(copied, start) + text
    at = copied = end
  }

  while (at < source.length) {
    interesting.lastIndex = at
    const start = interesting.exec(source)?.index
    if (start === undefined) break
    at = scan.codeEnd(start) ?? start
    if (at > start) continue
    const formula = scan.formulaAt(start, growing)
    if (formula) replace(start, formula.end, formula.text)
    else if (source.startsWith('$$', start)) {
      const end = endOfRun(source, start)
      replace(start, end, '\\$'.repeat(end - start))
    } else at = source[start] === '\\' ? start + 2 : endOfRun(source, start)
  }
  return result + source.slice(copied)
}

class Scan {
  private readonly source: string
  private readonly nextParenthesis: (from: number) => number
  private readonly nextBracket: (from: number) => number
  private readonly nextDollar: (from: number) => number
  private readonly nextDollars: (from: number) => number
  private readonly nextBlankLine: (from: number) => number
  private readonly nextLineBreak: (from: number) => number
  private lineStart = 0
  /** Where runs of so many backticks begin, last first. */
  private readonly tickRuns: Map<number, number[]>

  constructor(source: string) {
    this.source = source
    this.nextParenthesis = finder(source, /\\\)/g)
    this.nextBracket = finder(source, /\\\]/g)
    this.nextDollar = finder(source, /(?<!\\)\$|\n/g)
    this.nextDollars = finder(source, /(?<!\\)\$\$/g)
    this.nextBlankLine = finder(source, /\n[ \t]*\n/g)
    this.nextLineBreak = finder(source, /\n/g)
    this.tickRuns = Map.groupBy(
      Array.from(source.matchAll(/`+/g), (run) => run.index).reverse(),
      (index) => endOfRun(source, index) - index,
    )
  }

  /** Where the code that opens at `start` ends; undefined when none does. */
  codeEnd(start: number): number | undefined {
    const { source } = this
    const character = source[start]
    if (character !== '`' && character !== '~') return undefined
    if (this.beginsLine(start)) {
      fenceOpening.lastIndex = start
      const opening = fenceOpening.exec(source)
      const fence = opening?.[1] ?? opening?.[2]
      if (fence) {
        const closing = new RegExp(`^[ \\t>]*${fence}${character}*[ \\t]*$`, 'gm')
        closing.lastIndex = fenceOpening.lastIndex
        return closing.exec(source) ? closing.lastIndex : source.length
      }
    }
    if (character === '~') return undefined
    const runEnd = endOfRun(source, start)
    const runs = this.tickRuns.get(runEnd - start)!
    while (runs.at(-1)! < runEnd) runs.pop()
    const closing = runs.at(-1)
    const blankLine = this.nextBlankLine(start)
    return closing === undefined || blankLine < closing ? undefined : endOfRun(source, closing)
  }

  /** The formula that opens at `start`, in the one notation; undefined when none does. */
  formulaAt(start: number, growing: boolean): { end: number; text: string } | undefined {
    const { source } = this
    const opening = source.slice(start, start + 2)
    if (opening === '\\(') {
      const end = this.nextParenthesis(start + 2)
      if (this.nextBlankLine(start) < end) return undefined
      return this.formula(start, start + 2, end, 2, false, growing)
    }
    if (opening === '\\[') {
      const end = this.nextBracket(start + 2)
      const content = source.slice(start + 2, Math.min(end, start + 500))
      // Else it is an escaped bracket, as in `\[1\]`.
      const standsOut = end === Infinity || this.beginsLine(start)
      const isFormula = /[\\^_=]/.test(content) || (standsOut && !/^\d*$/.test(content))
      return isFormula ? this.formula(start, start + 2, end, 2, true, growing) : undefined
    }
    if (opening === '$$') {
      if (source[start + 2] === '$') return undefined
      return this.formula(start, start + 2, this.nextDollars(start + 2), 2, true, growing)
    }
    if (source[start] !== '$') return undefined
    const end = this.nextDollar(start + 1)
    const content = source.slice(start + 1, end)
    const isFormula =
      source[end] === '$'
        ? isInlineFormula(content, source[end + 1] ?? '')
        : end === Infinity && growing && !/^[\s\d{]/.test(content) && isInlineFormula(content.trimEnd(), '')
    return isFormula ? this.formula(start, start + 1, end, 1, false, growing) : undefined
  }

  private formula(start: number, from: number, to: number, closingLength: number, display: boolean, growing: boolean) {
    const { source } = this
    const finished = to !== Infinity
    if (!finished && !growing) return undefined
    const content = source.slice(from, to).trim()
    if (finished && !content) return undefined
    const tex = finished ? content : unfinishedMark + content
    const before = this.beforeOnLine(start)
    const inTable = before.trimStart().startsWith('|')
    const end = finished ? to + closingLength : source.length
    if (!display || inTable) return { end, text: `$$${inTable ? withoutPipes(tex) : tex.replaceAll('\n', ' ')}$$` }

    const container = containers.exec(before)![0]
    const indentation = container.replace(/[^ \t>]/g, ' ')
    // A full stop after a displayed formula would stand alone on the next line, so it goes in.
    const stop = /^[，。；：、,.;:]?/.exec(source.slice(end, end + 1))![0]
    const after = /[ \t]*(\n?)/y
    after.lastIndex = end + stop.length
    const lineBreak = after.exec(source)![1]
    const isLast = after.lastIndex === source.length
    return {
      end: after.lastIndex,
      text:
        (this.beginsLine(start) ? '' : `\n${indentation}`) +
        `$$\n${indentation}${tex}${stop && `\\text{${stop}}`}\n${indentation}$$` +
        (lineBreak || (isLast ? '' : `\n${indentation}`)),
    }
  }

  private beginsLine(start: number): boolean {
    const before = this.beforeOnLine(start)
    return containers.exec(before)![0] === before
  }

  /** The line up to `start`, at most 200 characters of it: enough to know what it is, and long lines stay cheap. */
  private beforeOnLine(start: number): string {
    for (let end = this.nextLineBreak(this.lineStart); end < start; end = this.nextLineBreak(this.lineStart)) {
      this.lineStart = end + 1
    }
    return this.source.slice(this.lineStart, Math.min(start, this.lineStart + 200))
  }
}

/** Between two single dollars: maths, and not two prices or two shell variables with words between. */
function isInlineFormula(content: string, next: string): boolean {
  if (!content || /^[\s{]|\s$/.test(content) || /[\dA-Z_{]/.test(next)) return false
  const hasWords = /\p{Script=Han}|[a-z]{2,}\s|\s[a-z]{2,}/iu.test(content)
  return !hasWords || /[\\^_=]/.test(content)
}

/** A bar would end the table's cell. */
function withoutPipes(tex: string): string {
  return tex.replaceAll('\\|', '\\Vert ').replaceAll('|', '\\vert ')
}

function endOfRun(source: string, start: number): number {
  let end = start + 1
  while (source[end] === source[start]) end += 1
  return end
}

/** Position of the first match at or after `from`, Infinity if none. `from` must not go back, which keeps it linear. */
function finder(source: string, pattern: RegExp): (from: number) => number {
  let found = -1
  return (from) => {
    if (found < from) {
      pattern.lastIndex = from
      found = pattern.exec(source)?.index ?? Infinity
    }
    return found
  }
}
