/**
 * Reads Go templates (text/template), in which Ollama's models say how a prompt is made. Only the syntax;
 * what the names in it mean is for go-template-to-jinja.ts to say.
 * Source: https://pkg.go.dev/text/template
 */
import { AppFailure } from '../../../shared/lib/app-failure.ts'

export type GoExpression =
  /** `.`, or `.Role` of it, or of `$` or a variable: `$m.Role`; no names = the thing itself. */
  | { type: 'field'; of: 'dot' | 'root' | GoExpression; names: string[] }
  | { type: 'variable'; name: string }
  | { type: 'literal'; value: string | number | boolean | null }
  | { type: 'function'; name: string }
  | { type: 'pipe'; pipe: GoPipe }

export interface GoPipe {
  /** `$a, $b :=`, or `=` for variables that exist; empty = the value is used. */
  variables: string[]
  declares: boolean
  /** Each with its arguments; a later one gets what the one before gives as its last argument. */
  commands: GoExpression[][]
}

export type GoNode =
  | { type: 'text'; text: string }
  /** Its value is printed, or assigned. */
  | { type: 'action'; pipe: GoPipe }
  | { type: 'if' | 'with' | 'range'; pipe: GoPipe; body: GoNode[]; otherwise: GoNode[] }
  | { type: 'break' }
  | { type: 'continue' }

/** Throws REQUEST_INVALID of `template`. */
export function parseGoTemplate(source: string): GoNode[] {
  const parser = new Parser(tokensOf(source))
  const { nodes, ending } = parser.list()
  if (ending !== null) throw templateInvalid(`unexpected {{${ending}}}`)
  return nodes
}

export function templateInvalid(detail: string): AppFailure<'REQUEST_INVALID'> {
  return new AppFailure('REQUEST_INVALID', { field: 'template', detail })
}

type Token =
  | { type: 'text'; text: string }
  | { type: 'open' | 'close' }
  | { type: 'literal'; value: string | number | boolean | null; isGlued: boolean }
  /** `word`: a name, `.name`, `.`, `$name`, or a sign. `isGlued`: no space before it. */
  | { type: 'word'; text: string; isGlued: boolean }

const actionToken = new RegExp(
  [
    /(?<space>\s+)/,
    /(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)/,
    /(?<number>-?\d+(?:\.\d+)?)/,
    /(?<word>\.?[\p{L}_][\p{L}\p{N}_]*|\$[\p{L}\p{N}_]*|:=|[.=|(),])/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
)

function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let trims = false
  for (;;) {
    const open = source.indexOf('{{', at)
    let text = source.slice(at, open < 0 ? undefined : open)
    if (trims) text = text.replace(/^[ \t\r\n]+/, '')
    const trimsBefore = open >= 0 && /^-[ \t\r\n]/.test(source.slice(open + 2, open + 4))
    if (trimsBefore) text = text.replace(/[ \t\r\n]+$/, '')
    if (text) tokens.push({ type: 'text', text })
    if (open < 0) return tokens
    at = open + (trimsBefore ? 3 : 2)
    const comment = /^\s*\/\*[^]*?\*\/(?<trims>\s+-)?\}\}/.exec(source.slice(at))
    if (comment) {
      at += comment[0].length
      trims = comment.groups?.trims !== undefined
      continue
    }
    tokens.push({ type: 'open' })
    const end = readAction(source, at, tokens)
    tokens.push({ type: 'close' })
    at = end.at
    trims = end.trims
  }
}

function readAction(source: string, start: number, tokens: Token[]): { at: number; trims: boolean } {
  let at = start
  let isGlued = false
  for (;;) {
    if (source.startsWith('}}', at)) return { at: at + 2, trims: false }
    if (source.startsWith('-}}', at) && !isGlued) return { at: at + 3, trims: true }
    actionToken.lastIndex = at
    const match = actionToken.exec(source)
    if (!match) throw templateInvalid(`not understood: ${JSON.stringify(source.slice(start - 2, at + 20))}`)
    const { space, string, number, word } = match.groups!
    if (string !== undefined) tokens.push({ type: 'literal', value: unquoted(string), isGlued })
    else if (number !== undefined) tokens.push({ type: 'literal', value: Number(number), isGlued })
    else if (word === 'true' || word === 'false') tokens.push({ type: 'literal', value: word === 'true', isGlued })
    else if (word === 'nil') tokens.push({ type: 'literal', value: null, isGlued })
    else if (word !== undefined) tokens.push({ type: 'word', text: word, isGlued })
    isGlued = space === undefined
    at += match[0].length
  }
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' }

function unquoted(literal: string): string {
  if (literal.startsWith('`')) return literal.slice(1, -1)
  return literal.slice(1, -1).replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gi, (found, x, u, letter: string) => {
    if (x || u) return String.fromCharCode(parseInt(x ?? u, 16))
    const character = escapes[letter]
    if (character === undefined) throw templateInvalid(`unknown escape ${found}`)
    return character
  })
}

class Parser {
  readonly #tokens: Token[]
  #at = 0

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  /** Up to the end, or to an `{{end}}` or `{{else` that is not of a node within; the action is left open there. */
  list(): { nodes: GoNode[]; ending: 'end' | 'else' | null } {
    const nodes: GoNode[] = []
    for (;;) {
      const token = this.#tokens[this.#at++]
      if (!token) return { nodes, ending: null }
      if (token.type === 'text') nodes.push(token)
      else {
        const keyword = this.#word()
        if (keyword === 'end' || keyword === 'else') {
          this.#at++
          return { nodes, ending: keyword }
        }
        nodes.push(this.#node(keyword))
      }
    }
  }

  #node(keyword: string | null): GoNode {
    if (keyword === 'define' || keyword === 'template' || keyword === 'block') {
      throw templateInvalid(`{{${keyword}}} is not supported`)
    }
    if (keyword === 'break' || keyword === 'continue') {
      this.#at++
      this.#close()
      return { type: keyword }
    }
    if (keyword === 'if' || keyword === 'with' || keyword === 'range') {
      this.#at++
      return this.#branch(keyword)
    }
    const pipe = this.#pipe()
    this.#close()
    return { type: 'action', pipe }
  }

  #branch(type: 'if' | 'with' | 'range'): GoNode {
    const pipe = this.#pipe()
    this.#close()
    const { nodes: body, ending } = this.list()
    if (ending === null) throw templateInvalid(`{{${type}}} without {{end}}`)
    if (ending === 'end') {
      this.#close()
      return { type, pipe, body, otherwise: [] }
    }
    const next = this.#word()
    if (next === 'if' || next === 'with') {
      this.#at++
      return { type, pipe, body, otherwise: [this.#branch(next)] }
    }
    this.#close()
    const { nodes: otherwise, ending: last } = this.list()
    if (last !== 'end') throw templateInvalid(`{{else}} without {{end}}`)
    this.#close()
    return { type, pipe, body, otherwise }
  }

  #pipe(): GoPipe {
    const start = this.#at
    const variables: string[] = []
    while (this.#word()?.startsWith('$')) {
      variables.push(this.#word()!)
      this.#at++
      if (!this.#takes(',')) break
    }
    const sign = this.#word()
    const assigns = variables.length > 0 && (sign === ':=' || sign === '=')
    if (assigns) this.#at++
    else this.#at = start
    const commands = [this.#command()]
    while (this.#takes('|')) commands.push(this.#command())
    return { variables: assigns ? variables : [], declares: sign === ':=', commands }
  }

  #command(): GoExpression[] {
    const operands: GoExpression[] = []
    for (let operand = this.#operand(); operand; operand = this.#operand()) operands.push(operand)
    if (operands.length === 0) throw templateInvalid('an empty command')
    return operands
  }

  #operand(): GoExpression | null {
    const token = this.#tokens[this.#at]
    if (token?.type === 'literal') {
      this.#at++
      return { type: 'literal', value: token.value }
    }
    const word = this.#word()
    if (word === null || [')', '|', ':=', '=', ','].includes(word)) return null
    this.#at++
    if (word === '.') return { type: 'field', of: 'dot', names: [] }
    if (word.startsWith('.')) return { type: 'field', of: 'dot', names: [word.slice(1), ...this.#names()] }
    if (word === '$') return { type: 'field', of: 'root', names: this.#names() }
    const value: GoExpression = word.startsWith('$')
      ? { type: 'variable', name: word }
      : word === '('
        ? this.#parenthesis()
        : { type: 'function', name: word }
    const names = this.#names()
    return names.length > 0 ? { type: 'field', of: value, names } : value
  }

  #parenthesis(): GoExpression {
    const pipe = this.#pipe()
    if (!this.#takes(')')) throw templateInvalid('a parenthesis is not closed')
    return { type: 'pipe', pipe }
  }

  /** `.Role` and the like, right behind a value. */
  #names(): string[] {
    const names: string[] = []
    for (;;) {
      const token = this.#tokens[this.#at]
      if (token?.type !== 'word' || !token.isGlued || !/^\../.test(token.text)) return names
      names.push(token.text.slice(1))
      this.#at++
    }
  }

  #word(): string | null {
    const token = this.#tokens[this.#at]
    return token?.type === 'word' ? token.text : null
  }

  #takes(word: string): boolean {
    if (this.#word() !== word) return false
    this.#at++
    return true
  }

  #close(): void {
    const token = this.#tokens[this.#at++]
    if (token?.type === 'close') return
    const found = token?.type === 'word' ? token.text : token?.type === 'literal' ? JSON.stringify(token.value) : 'end'
    throw templateInvalid(`unexpected ${found}`)
  }
}
