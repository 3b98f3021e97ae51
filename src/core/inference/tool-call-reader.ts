/**
 * Finds the calls of tools in an answer while it is written, wherever the text is cut: `<tool_call>` blocks, or an
 * answer that is nothing but one object (Llama 3.1's way: `{"name": …, "parameters": {…}}`). What does not begin
 * like a call of a tool that there is stays text. White space before and behind calls is left out.
 */
import type { InferenceEvent } from '../../shared/contract/inference.ts'
import { partialTagLength } from './partial-tag.ts'
import { callBegin, callEnd } from './tool-texts.ts'

export type ReadPiece =
  | { type: 'text'; text: string }
  | Extract<InferenceEvent, { type: 'tool-call' | 'tool-arguments' }>

/** The index behind it; null = more text is needed to tell; false = it is something else. */
type Match = { end: number; names: string[] } | null | false

export class ToolCallReader {
  readonly #names: readonly string[]
  readonly #newId: () => string
  #state: 'start' | 'text' | 'head' | 'arguments' | 'tail' = 'start'
  #held = ''
  /** What stands before the head that is being read; null = nothing, the call is the whole answer. */
  #lead: string | null = null
  #callCount = 0
  #depth = 0
  #isInString = false
  #isEscaped = false

  constructor(names: readonly string[], newId: () => string) {
    this.#names = names
    this.#newId = newId
  }

  get callCount(): number {
    return this.#callCount
  }

  push(text: string): ReadPiece[] {
    this.#held += text
    const pieces: ReadPiece[] = []
    while (this.#step(pieces, false));
    return pieces
  }

  /** What was held back; nothing is pushed after it. */
  end(): ReadPiece[] {
    const pieces: ReadPiece[] = []
    while (this.#step(pieces, true));
    return pieces
  }

  /** false when there is nothing more to do with what is there. */
  #step(pieces: ReadPiece[], isEnd: boolean): boolean {
    if (this.#state === 'start') return this.#start(isEnd)
    if (this.#state === 'text') return this.#text(pieces, isEnd)
    if (this.#state === 'head') return this.#head(pieces, isEnd)
    if (this.#state === 'arguments') return this.#arguments(pieces)
    return this.#tail(isEnd)
  }

  #start(isEnd: boolean): boolean {
    const isObject = this.#held.trimStart().startsWith('{')
    if (this.#held.trim() === '' && !isEnd) return false
    this.#state = isObject ? 'head' : 'text'
    return true
  }

  #text(pieces: ReadPiece[], isEnd: boolean): boolean {
    const at = this.#held.indexOf(callBegin)
    const behind = at >= 0 ? at : this.#held.length - (isEnd ? 0 : partialTagLength(this.#held, callBegin))
    // White space waits: a call may follow.
    const isLast = at < 0 && isEnd && this.#callCount === 0
    const text = isLast ? this.#held : this.#held.slice(0, behind).trimEnd()
    if (text !== '') pieces.push({ type: 'text', text })
    if (at < 0) {
      this.#held = isEnd ? '' : this.#held.slice(text.length)
      return false
    }
    this.#lead = this.#held.slice(text.length, at) + callBegin
    this.#held = this.#held.slice(at + callBegin.length)
    this.#state = 'head'
    return true
  }

  #head(pieces: ReadPiece[], isEnd: boolean): boolean {
    const head = matchHead(this.#held)
    if (head === null && !isEnd) return false
    const name = head ? head.names[1]! : ''
    if (!head || !this.#names.includes(name)) {
      if (this.#lead !== null) pieces.push({ type: 'text', text: this.#lead })
      this.#state = 'text'
      return true
    }
    pieces.push({ type: 'tool-call', index: this.#callCount++, id: this.#newId(), name })
    this.#held = this.#held.slice(head.end)
    this.#state = 'arguments'
    return true
  }

  #arguments(pieces: ReadPiece[]): boolean {
    let end = 0
    let isOver = false
    while (end < this.#held.length && !isOver) isOver = this.#endsWith(this.#held[end++]!)
    const text = this.#held.slice(0, end)
    this.#held = this.#held.slice(end)
    if (text !== '') pieces.push({ type: 'tool-arguments', index: this.#callCount - 1, text })
    if (isOver) this.#state = 'tail'
    return isOver
  }

  /** Whether the object of arguments is over with this character. */
  #endsWith(character: string): boolean {
    if (this.#isEscaped) this.#isEscaped = false
    else if (this.#isInString && character === '\\') this.#isEscaped = true
    else if (character === '"') this.#isInString = !this.#isInString
    else if (this.#isInString) return false
    else if (character === '{' || character === '[') this.#depth++
    else if (character === '}' || character === ']') return --this.#depth === 0
    return false
  }

  #tail(isEnd: boolean): boolean {
    const tail = match(this.#held, this.#lead === null ? ['}'] : ['}', callEnd])
    if (tail === null && !isEnd) return false
    this.#held = tail ? this.#held.slice(tail.end) : tail === null ? '' : this.#held
    this.#state = 'text'
    return true
  }
}

function matchHead(text: string): Match {
  const head = match(text, ['{', string, ':', string, ',', string, ':'])
  if (!head) return head
  const [first, , third] = head.names
  if (first !== 'name' || (third !== 'arguments' && third !== 'parameters')) return false
  const space = /^\s*/.exec(text.slice(head.end))![0].length
  const next = text[head.end + space]
  if (next === undefined) return null
  return next === '{' && { ...head, end: head.end + space }
}

const string = Symbol('a JSON string')

/** These parts one after the other, with white space between them. `names`: of the strings. */
function match(text: string, parts: (string | typeof string)[]): Match {
  const names: string[] = []
  let end = 0
  for (const part of parts) {
    while (/\s/.test(text[end] ?? '')) end++
    if (end === text.length) return null
    const rest = text.slice(end)
    if (part === string) {
      const found = /^"(?:[^"\\]|\\.)*"/s.exec(rest)?.[0]
      if (found === undefined) return rest.startsWith('"') ? null : false
      const name = parsed(found)
      if (name === null) return false
      names.push(name)
      end += found.length
    } else if (rest.startsWith(part)) end += part.length
    else return part.startsWith(rest) ? null : false
  }
  return { end, names }
}

function parsed(json: string): string | null {
  try {
    return JSON.parse(json) as string
  } catch {
    return null
  }
}
