/** Values and functions of a Go template as Jinja code; see go-template-to-jinja.ts. */
import { templateInvalid } from './go-template.ts'

/** A Go value as Jinja code. `truth` where it is known at once whether it counts as true. */
export interface Value {
  kind: 'root' | 'messages' | 'message' | 'value'
  code: string
  truth: boolean | null
}

export const nothing: Value = { kind: 'value', code: '""', truth: false }

export function value(code: string, truth: boolean | null = null): Value {
  return { kind: 'value', code, truth }
}

export function literal(constant: string | number | boolean | null): Value {
  if (constant === null || constant === '') return nothing
  return value(typeof constant === 'string' ? stringLiteral(constant) : String(constant), Boolean(constant))
}

export function stringLiteral(text: string): string {
  // The text must not look like a tag that is searched for before the template is read.
  return JSON.stringify(text).replaceAll('{', '\\u007b')
}

const comparisons: Record<string, string> = { ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' }

/** Throws REQUEST_INVALID of `template` if it is not one of those that are supported. */
export function callFunction(name: string, args: Value[]): Value {
  const [first, second] = args
  const needs = (count: number) => {
    if (args.length < count) throw templateInvalid(`${name} lacks an argument`)
  }
  const comparison = comparisons[name]
  if (comparison) {
    needs(2)
    return value(`(${first!.code} ${comparison} ${second!.code})`)
  }
  switch (name) {
    case 'and':
    case 'or':
      needs(1)
      return junction(name, args)
    case 'not':
      needs(1)
      return value(`(not ${first!.code})`, first!.truth === null ? null : !first!.truth)
    case 'eq':
      needs(2)
      return value(`(${args.slice(1).map(({ code }) => `${first!.code} == ${code}`).join(' or ')})`)
    case 'len':
      needs(1)
      return value(`(${first!.code} | length)`)
    case 'index':
      needs(2)
      if (first!.kind !== 'messages') throw templateInvalid('index of anything but .Messages is not supported')
      return { kind: 'message', code: `${first!.code}[${second!.code}]`, truth: true }
    case 'slice':
      needs(1)
      if (first!.kind !== 'messages') throw templateInvalid('slice of anything but .Messages is not supported')
      return { kind: 'messages', code: `${first!.code}[${second?.code ?? ''}:${args[2]?.code ?? ''}]`, truth: null }
    case 'print':
      return joined(args)
    case 'printf':
      needs(1)
      return formatted(first!, args.slice(1))
    case 'currentDate':
      return value('strftime_now("%Y-%m-%d")')
    default:
      throw templateInvalid(`the function ${name} is not supported`)
  }
}

/** What is known beforehand decides at once, or is left out. */
function junction(name: 'and' | 'or', args: Value[]): Value {
  if (name === 'and' && args.some(({ truth }) => truth === false)) return nothing
  const last = name === 'or' ? args.findIndex(({ truth }) => truth === true) : -1
  const reached = last < 0 ? args : args.slice(0, last + 1)
  const needed = reached.filter(({ truth }, index) => {
    return truth === null || (truth && index === reached.length - 1)
  })
  if (needed.length < 2) return needed[0] ?? nothing
  return value(`(${needed.map(({ code }) => code).join(` ${name} `)})`, last < 0 ? null : true)
}

function joined(args: Value[]): Value {
  return args.length === 0 ? nothing : value(`(${args.map(({ code }) => code).join(' ~ ')})`)
}

/** `printf` with a literal format of %s, %v and %d. */
function formatted(format: Value, args: Value[]): Value {
  if (!format.code.startsWith('"')) throw templateInvalid('printf without a literal format is not supported')
  const left = [...args]
  const parts: Value[] = []
  for (const [piece] of (JSON.parse(format.code) as string).matchAll(/%%|%.|[^%]+/gs)) {
    if (piece === '%%') parts.push(literal('%'))
    else if (!piece.startsWith('%')) parts.push(literal(piece))
    else if (['%s', '%v', '%d'].includes(piece) && left.length > 0) parts.push(left.shift()!)
    else throw templateInvalid(`printf of ${piece} is not supported`)
  }
  if (left.length > 0) throw templateInvalid('printf has more values than its format')
  return joined(parts)
}
