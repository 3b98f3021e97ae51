/**
 * What a model thought before it answered: the text between `<think>` and `</think>` at the head of an answer.
 * Without an end all of it is thought so far. Some templates put `<think>` into the prompt, so that an answer has
 * only the end, on a line of its own.
 */

export interface SplitAnswer {
  /** From the beginning of the text up to and including the mark that ends it; empty = none. */
  head: string
  /** null = none. */
  reasoning: string | null
  isEnded: boolean
  answer: string
}

const opening = /^\s*<think>/
const closing = '</think>'
const closingLine = /(?:^|\n)[ \t]*<\/think>[ \t]*(?:\n|$)/

export function splitReasoning(text: string): SplitAnswer {
  const begin = opening.exec(text)?.[0]
  const end = begin === undefined ? endWithoutBeginning(text) : text.indexOf(closing, begin.length)
  if (begin === undefined && end === -1) return { head: '', reasoning: null, isEnded: false, answer: text }
  const from = begin?.length ?? 0
  if (end === -1) return { head: text, reasoning: withoutPartOfEnd(text.slice(from)).trim(), isEnded: false, answer: '' }
  const length = end + closing.length
  return { head: text.slice(0, length), reasoning: text.slice(from, end).trim(), isEnded: true, answer: text.slice(length) }
}

/** An answer as it is copied: without what was thought. */
export function withoutReasoning(text: string): string {
  const { reasoning, answer } = splitReasoning(text)
  return reasoning === null ? text : answer.trimStart()
}

function endWithoutBeginning(text: string): number {
  if (!text.includes(closing)) return -1
  const line = closingLine.exec(text)
  // In code it is spoken about.
  if (!line || /^[ \t]*(?:```|~~~)/m.test(text.slice(0, line.index))) return -1
  return text.indexOf(closing, line.index)
}

/** `</thi`, which goes on in the next piece. */
function withoutPartOfEnd(text: string): string {
  const at = text.lastIndexOf('<')
  return at !== -1 && closing.startsWith(text.slice(at)) ? text.slice(0, at) : text
}
