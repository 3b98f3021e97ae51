/**
 * Says which message each token of a prompt belongs to. Templates may trim, merge, move or drop
 * messages, so their texts are not searched for: the messages are rendered once more with marks round
 * their texts, and where the marks come out is where the texts are. Invariant: every token counts in
 * exactly one segment, whatever a template does.
 */
import type { PromptMessage, PromptSegment } from '../shared/engine/messages.ts'

/** A part of a prompt's text that comes from a message. */
export interface PromptSpan {
  start: number
  end: number
  messageIndex: number
  isAttached: boolean
}

const markCharacter = '\uE0C8'
const anyMark = new RegExp(`${markCharacter}(\\d)(\\d+)${markCharacter}`, 'g')
/** Where the text begins, where its attached head ends, and where the text ends. */
const [begins, attachedEnds, ends] = [0, 1, 2]

/**
 * `text` is what `render` makes of the messages; the spans come in its order and do not overlap. A template
 * that looks at how a message begins or ends may not know it with marks: then the texts are searched for.
 */
export function locateMessages(
  messages: readonly PromptMessage[],
  text: string,
  render: (messages: readonly PromptMessage[]) => string,
): PromptSpan[] {
  // A template that trims takes the marks for text, so they are tried at the ends and inside the white space.
  for (const isInside of [false, true]) {
    const marked = renderedWithMarks(messages, isInside, render)
    if (marked?.replaceAll(anyMark, '') === text) return spansOf(marked, messages)
  }
  return searched(messages, text)
}

function renderedWithMarks(
  messages: readonly PromptMessage[],
  isInside: boolean,
  render: (messages: readonly PromptMessage[]) => string,
): string | null {
  const marked = messages.map((message, index): PromptMessage => {
    const { text, attachedLength = 0 } = message
    if (text.trim() === '') return message
    const start = isInside ? text.length - text.trimStart().length : 0
    const end = isInside ? text.trimEnd().length : text.length
    const middle = Math.min(Math.max(attachedLength, start), end)
    const mark = (kind: number) => `${markCharacter}${kind}${index}${markCharacter}`
    const head = middle > start ? text.slice(start, middle) + mark(attachedEnds) : ''
    const inner = mark(begins) + head + text.slice(middle, end) + mark(ends)
    return { ...message, text: text.slice(0, start) + inner + text.slice(end) }
  })
  try {
    return render(marked)
  } catch {
    return null
  }
}

/** A template may cut off one end of a message with its mark; then that end is where the text stops agreeing. */
function spansOf(marked: string, messages: readonly PromptMessage[]): PromptSpan[] {
  const spans: PromptSpan[] = []
  let text = ''
  let readEnd = 0
  let open = null as Omit<PromptSpan, 'end'> | null
  const close = (end: number) => {
    if (open && end > open.start) spans.push({ ...open, end })
    open = null
  }
  const closeUnended = () => {
    if (open) close(open.start + commonPrefixLength(text.slice(open.start), messages[open.messageIndex]!.text.trimStart()))
  }
  for (const match of marked.matchAll(anyMark)) {
    text += marked.slice(readEnd, match.index)
    readEnd = match.index + match[0].length
    const [kind, messageIndex] = [Number(match[1]), Number(match[2])]
    const isAttached = kind === attachedEnds
    if (kind === begins) {
      closeUnended()
    } else {
      const { text: whole, attachedLength = 0 } = messages[messageIndex]!
      const before = isAttached ? whole.slice(0, attachedLength) : whole.slice(attachedLength).trimEnd()
      const isOpen = open?.messageIndex === messageIndex
      if (!isOpen) closeUnended()
      const unclaimed = text.slice(spans.at(-1)?.end ?? 0)
      // What cuts a text off trims the rest.
      const rest = unclaimed.slice(unclaimed.length - commonSuffixLength(unclaimed, before)).trimStart()
      const start: number = isOpen ? open!.start : text.length - rest.length
      open = { start, messageIndex, isAttached }
      close(text.length)
    }
    if (kind !== ends) open = { start: text.length, messageIndex, isAttached: false }
  }
  text += marked.slice(readEnd)
  closeUnended()
  return spans
}

function searched(messages: readonly PromptMessage[], text: string): PromptSpan[] {
  const spans: PromptSpan[] = []
  let searchFrom = 0
  for (const [messageIndex, { text: whole, attachedLength = 0 }] of messages.entries()) {
    const trimmed = whole.trim()
    const start = trimmed === '' ? -1 : text.indexOf(trimmed, searchFrom)
    if (start < 0) continue
    const end = start + trimmed.length
    const middle = Math.min(end, start + Math.max(0, attachedLength - (whole.length - whole.trimStart().length)))
    if (middle > start) spans.push({ start, end: middle, messageIndex, isAttached: true })
    if (end > middle) spans.push({ start: middle, end, messageIndex, isAttached: false })
    searchFrom = end
  }
  return spans
}

/** Of a prompt's text. `length`: in the prompt, where a mark may stand for the text. */
export interface TextPart {
  text: string
  length: number
}

/**
 * Where each token begins, in UTF-16 units of the prompt that `parts` were split from. `bytesOf` gives a control
 * token's text, too. What does not agree (a space that the tokenizer put before a word, a letter it wrote in
 * another way) is stepped over.
 */
export function tokenStarts<T>(
  parts: readonly TextPart[],
  tokens: readonly T[],
  bytesOf: (token: T) => Uint8Array,
): number[] {
  const { bytes: text, units } = bytesAndUnits(parts)
  let at = 0
  return tokens.map((token) => {
    const bytes = bytesOf(token)
    const bare = bytes[0] === space ? bytes.subarray(1) : bytes
    const isWhole = find(text, bytes, at, 0) !== undefined
    const found = isWhole ? at : find(text, bare, at, longestGap)
    if (found === undefined) return units[at]!
    at = found + (isWhole ? bytes : bare).length
    return units[found]!
  })
}

/** The text's bytes, and for each of them (and for their end) the unit it belongs to; those of what a mark hides to the mark. */
function bytesAndUnits(parts: readonly TextPart[]): { bytes: Uint8Array; units: Uint32Array } {
  const bytes = Buffer.from(parts.map(({ text }) => text).join(''))
  const units = new Uint32Array(bytes.length + 1)
  let at = 0
  let partStart = 0
  for (const { text, length } of parts) {
    let unit = partStart
    for (const character of text) {
      const byteCount = utf8Length(character.codePointAt(0)!)
      units.fill(unit, at, at + byteCount)
      at += byteCount
      if (length === text.length) unit += character.length
    }
    partStart += length
  }
  units[at] = partStart
  return { bytes, units }
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}

const space = 0x20
/** More than any white space or sign that a tokenizer leaves out. */
const longestGap = 32

/** Not further than `gap` bytes behind `from`. */
function find(text: Uint8Array, bytes: Uint8Array, from: number, gap: number): number | undefined {
  if (bytes.length === 0) return undefined
  for (let start = from; start <= from + gap && start + bytes.length <= text.length; start++) {
    let length = 0
    while (length < bytes.length && text[start + length] === bytes[length]) length++
    if (length === bytes.length) return start
  }
  return undefined
}

/** `tokenStarts`: where each token begins in the text that the spans are of; null = not in the text (BOS). */
export function segmentsOf(tokenStarts: readonly (number | null)[], spans: readonly PromptSpan[]): PromptSegment[] {
  const segments: PromptSegment[] = []
  let next = 0
  for (const start of tokenStarts) {
    while (start !== null && spans[next] && spans[next]!.end <= start) next++
    const span = start !== null && spans[next] && spans[next]!.start <= start ? spans[next] : null
    const { messageIndex, isAttached } = span ?? { messageIndex: null, isAttached: false }
    const last = segments.at(-1)
    if (last?.messageIndex === messageIndex && last.isAttached === isAttached) last.tokenCount++
    else segments.push({ messageIndex, isAttached, tokenCount: 1 })
  }
  return segments
}

export function commonPrefixLength(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  let length = 0
  while (length < end && a.charCodeAt(length) === b.charCodeAt(length)) length++
  return length
}

function commonSuffixLength(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  let length = 0
  while (length < end && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++
  return length
}
