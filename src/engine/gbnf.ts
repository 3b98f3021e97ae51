/**
 * Looks a GBNF grammar through before llama.cpp sees it. llama.cpp only says that a grammar is wrong, not
 * where; and some wrong ones take its process down: `a{5,2}` never ends, deep nesting overflows the stack,
 * a rule that comes back to itself behind parts that may be empty fills the memory, one that can never end
 * aborts. What passes here is a part of what llama.cpp accepts. Not found are grammars so ambiguous that
 * following them takes ever more memory. Source: src/llama-grammar.cpp.
 */

/** llama.cpp takes a greater highest number for "no limit", a greater least number for an error. */
export const mostRepeats = 2000
/** Of the rules and parts that repeats are written out to. */
const mostWrittenOut = 50_000
/** llama.cpp follows rules by recursion, the same one again and again. */
const mostVisits = 1_000_000
const deepestGroup = 100

interface Part {
  /** Name of the rule; null = characters or a token. */
  rule: string | null
  isEmpty: boolean
  /** Of what llama.cpp repeats, in its elements. */
  length: number
  min: number
  max: number
}

type Rules = Map<string, Part[][]>

/** What is wrong with a grammar, with the line where it shows; null = nothing. */
export function findGrammarFault(source: string): string | null {
  try {
    const rules = new GrammarReader(source).read()
    checkRules(rules)
    return null
  } catch (error) {
    if (error instanceof GrammarFault) return error.message
    throw error
  }
}

class GrammarFault extends Error {}

class GrammarReader {
  readonly #source: string
  readonly #rules: Rules = new Map()
  #at = 0
  #writtenOut = 0
  #groups = 0

  constructor(source: string) {
    this.#source = source
  }

  read(): Rules {
    if (this.#source.includes('\0')) throw new GrammarFault('a NUL character')
    this.#skipSpace(true)
    while (this.#at < this.#source.length) this.#rule()
    return this.#rules
  }

  #rule(): void {
    const name = this.#name()
    this.#skipSpace(false)
    if (!this.#takes('::=')) throw this.#fault('expected ::=')
    this.#skipSpace(true)
    this.#rules.set(name, this.#alternatives(0))
    if (this.#at < this.#source.length && !/[\r\n]/.test(this.#next)) throw this.#fault('expected the end of the line')
    this.#skipSpace(true)
  }

  #alternatives(depth: number): Part[][] {
    const alternatives = [this.#sequence(depth)]
    while (this.#takes('|')) {
      this.#skipSpace(true)
      alternatives.push(this.#sequence(depth))
    }
    return alternatives
  }

  #sequence(depth: number): Part[] {
    const parts: Part[] = []
    for (;;) {
      const part = this.#part(depth)
      if (part) parts.push(part)
      else if (!this.#repeat(parts.at(-1))) return parts
      this.#skipSpace(depth > 0)
    }
  }

  #part(depth: number): Part | null {
    if (this.#takes('"')) return terminal(this.#characters('"'))
    if (this.#takes('[')) {
      this.#takes('^')
      return terminal(this.#characters(']'))
    }
    if (this.#takes('.')) return terminal(1)
    if (this.#takes('(')) return this.#group(depth + 1)
    if (/[<!]/.test(this.#next)) return this.#token()
    if (/[A-Za-z0-9-]/.test(this.#next)) return reference(this.#name())
    return null
  }

  #group(depth: number): Part {
    if (depth > deepestGroup) throw this.#fault(`more than ${deepestGroup} groups inside each other`)
    this.#skipSpace(true)
    const alternatives = this.#alternatives(depth)
    if (!this.#takes(')')) throw this.#fault('expected )')
    const name = `(${++this.#groups}`
    this.#rules.set(name, alternatives)
    return reference(name)
  }

  /** By number only: the library reads grammars without a vocabulary. */
  #token(): Part {
    this.#takes('!')
    const match = /^<\[\d{1,9}\]>/.exec(this.#source.slice(this.#at, this.#at + 16))
    if (!match) throw this.#fault('expected a token as <[number]>')
    this.#at += match[0].length
    return terminal(1)
  }

  /** False where there is no sign of one. */
  #repeat(part: Part | undefined): boolean {
    const start = this.#at
    const bounds = this.#bounds()
    if (!bounds) return false
    if (!part || part.isEmpty) throw this.#fault('nothing to repeat', start)
    const [min, max] = bounds
    if (min > max) throw this.#fault(`repeated at least ${min} and at most ${max} times`, start)
    if (min > mostRepeats || (max !== Infinity && max > mostRepeats)) {
      throw this.#fault(`more than ${mostRepeats} repeats`, start)
    }
    const optional = max === Infinity ? 1 : max - min
    this.#writtenOut += part.length * min + (part.length + 3) * optional
    if (this.#writtenOut > mostWrittenOut) throw this.#fault('too many repeats in all', start)
    part.length = part.length * Math.max(1, min) + optional
    // A second repeat sign repeats the whole first repeat.
    part.max *= max
    part.min *= min
    return true
  }

  #bounds(): [number, number] | null {
    if (this.#takes('*')) return [0, Infinity]
    if (this.#takes('+')) return [1, Infinity]
    if (this.#takes('?')) return [0, 1]
    if (!this.#takes('{')) return null
    const match = /^[ \t]*(\d+)[ \t]*(?:(,)[ \t]*(\d*)[ \t]*)?\}/.exec(this.#source.slice(this.#at, this.#at + 60))
    if (!match) throw this.#fault('expected {number}, {number,} or {number,number}')
    this.#at += match[0].length
    const [, least, comma, most] = match
    return [Number(least), comma ? (most ? Number(most) : Infinity) : Number(least)]
  }

  /** Up to the closing sign; returns how many. */
  #characters(end: string): number {
    let count = 0
    while (!this.#takes(end)) {
      if (this.#at >= this.#source.length) throw this.#fault(`expected ${end}`)
      if (this.#takes('\\')) {
        const escape = /^(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[trn\\"[\]-])/.exec(
          this.#source.slice(this.#at, this.#at + 9),
        )
        if (!escape) throw this.#fault('unknown escape', this.#at - 1)
        this.#at += escape[0].length
      } else this.#at += String.fromCodePoint(this.#source.codePointAt(this.#at)!).length
      count++
    }
    return count
  }

  #name(): string {
    const start = this.#at
    while (/[A-Za-z0-9-]/.test(this.#next)) this.#at++
    if (this.#at === start) throw this.#fault('expected the name of a rule')
    return this.#source.slice(start, this.#at)
  }

  #skipSpace(overLines: boolean): void {
    for (;;) {
      if (this.#next === '#') while (this.#at < this.#source.length && !/[\r\n]/.test(this.#next)) this.#at++
      else if (/[ \t]/.test(this.#next) || (overLines && /[\r\n]/.test(this.#next))) this.#at++
      else return
    }
  }

  /** Empty at the end. */
  get #next(): string {
    return this.#source.charAt(this.#at)
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #fault(what: string, at = this.#at): GrammarFault {
    const line = this.#source.slice(0, at).split(/\r\n|\r|\n/).length
    const found = this.#source.slice(at, at + 20).split(/[\r\n]/)[0]
    return new GrammarFault(`line ${line}: ${what}${found ? `, found: ${found}` : ''}`)
  }
}

function terminal(length: number): Part {
  return { rule: null, isEmpty: length === 0, length, min: 1, max: 1 }
}

function reference(rule: string): Part {
  return { rule, isEmpty: false, length: 1, min: 1, max: 1 }
}

function checkRules(rules: Rules): void {
  if (!rules.has('root')) throw new GrammarFault('there is no rule named root')
  for (const { rule } of partsOf(rules)) {
    if (rule !== null && !rules.has(rule)) throw new GrammarFault(`there is no rule named ${rule}`)
  }
  const canEnd = fixpoint(rules, ({ rule, min }, known) => rule === null || min === 0 || known.has(rule))
  for (const name of rules.keys()) {
    if (!canEnd.has(name)) throw new GrammarFault(`${nameOf(name)} never ends`)
  }
  const mayBeEmpty = fixpoint(rules, ({ rule, isEmpty, min }, known) => {
    return isEmpty || min === 0 || (rule !== null && known.has(rule))
  })
  for (const { rule, max } of partsOf(rules)) {
    if (!(max > 1 && rule && mayBeEmpty.has(rule))) continue
    throw new GrammarFault(`${nameOf(rule)} is repeated and may be empty`)
  }
  const starts = startsOf(rules, mayBeEmpty)
  for (const name of rules.keys()) {
    if (reachableFrom(name, starts).has(name)) throw new GrammarFault(`${nameOf(name)} begins with itself`)
  }
  checkVisits(starts)
}

function partsOf(rules: Rules): Part[] {
  return [...rules.values()].flat(2)
}

function nameOf(rule: string): string {
  return rule.startsWith('(') ? `the group no. ${rule.slice(1)}` : `the rule ${rule}`
}

/** The rules with an alternative all of whose parts pass, given the rules that are known to. */
function fixpoint(rules: Rules, passes: (part: Part, known: ReadonlySet<string>) => boolean): Set<string> {
  const known = new Set<string>()
  for (let size = -1; size < known.size; ) {
    size = known.size
    for (const [name, alternatives] of rules) {
      if (alternatives.some((parts) => parts.every((part) => passes(part, known)))) known.add(name)
    }
  }
  return known
}

type Starts = ReadonlyMap<string, readonly string[]>

/** The rules that each rule may begin with. */
function startsOf(rules: Rules, mayBeEmpty: ReadonlySet<string>): Starts {
  const startsOfOne = (parts: Part[]) => {
    const end = parts.findIndex(({ rule, isEmpty, min }) => !isEmpty && min > 0 && !(rule && mayBeEmpty.has(rule)))
    return parts.slice(0, end < 0 ? parts.length : end + 1).flatMap(({ rule }) => rule ?? [])
  }
  return new Map([...rules].map(([name, alternatives]) => [name, alternatives.flatMap(startsOfOne)]))
}

function reachableFrom(name: string, starts: Starts): Set<string> {
  const reached = new Set<string>()
  const todo = [name]
  for (let from = todo.pop(); from !== undefined; from = todo.pop()) {
    for (const rule of starts.get(from)!) {
      if (!reached.has(rule)) todo.push(rule)
      reached.add(rule)
    }
  }
  return reached
}

function checkVisits(starts: Starts): void {
  const visits = new Map<string, number>()
  const count = (name: string): number => {
    const known = visits.get(name)
    if (known !== undefined) return known
    visits.set(name, 1)
    const sum = starts.get(name)!.reduce((total, rule) => total + count(rule), 1)
    visits.set(name, sum)
    return sum
  }
  for (const name of starts.keys()) {
    if (count(name) > mostVisits) throw new GrammarFault(`${nameOf(name)} is too deep`)
  }
}
