/**
 * What an answer may be that calls tools: `{"name": …, "arguments": …}` and the end of its `<tool_call>` block,
 * then further blocks. Arguments fit the tool's JSON schema, those that are not required may be missing; where a
 * schema is beyond what grammars can say, any JSON stands in its place.
 */
import type { Llama } from 'node-llama-cpp'
import type { Tool } from '../shared/contract/inference.ts'
import { jsonSchemaGrammar } from './json-schema-grammar.ts'

export type CallableTool = Pick<Tool, 'name' | 'parameters'>
type Schema = Record<string, unknown>

const aboutObjects = ['type', 'properties', 'required', 'additionalProperties', '$defs', 'definitions']
const notes = ['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'strict']

/** A grammar for all behind the first `<tool_call>` and a line break. */
export async function toolCallsGrammar(llama: Llama, tools: readonly CallableTool[]): Promise<string> {
  const calls: string[] = []
  const rules: string[] = []
  for (const [index, { name, parameters }] of tools.entries()) {
    rules.push(...(await argumentsRules(llama, `tool${index}`, parameters)))
    calls.push(`${literal(`{"name": ${JSON.stringify(name)}, "arguments": `)} tool${index} "}"`)
  }
  return [
    `root ::= call ( ${literal('\n<tool_call>\n')} call )*`,
    `call ::= ( ${calls.join(' | ')} ) ${literal('\n</tool_call>')}`,
    ...rules,
  ].join('\n')
}

/** What either grammar allows; the one of calls with the `<tool_call>` before it. */
export function answerOrCalls(answer: string, calls: string): string {
  const rules = [...renamedAll(answer, 'answer'), ...renamedAll(calls, 'calls')]
  return [`root ::= answer | ${literal('<tool_call>\n')} calls`, ...rules].join('\n')
}

/** The library's grammars let an object miss none of its properties: so its are the values, and the object is ours. */
async function argumentsRules(llama: Llama, rule: string, parameters: Schema): Promise<string[]> {
  const isPlain = Object.keys(parameters).every((key) => aboutObjects.includes(key) || notes.includes(key))
  const properties = asRecord(parameters.properties)
  const names = Object.keys(properties)
  if (!isPlain || (names.length === 0 && parameters.additionalProperties)) {
    return valueRules(llama, rule, parameters, { type: 'object' })
  }
  if (names.length === 0) return [`${rule} ::= "{}"`]

  const definitions = { ...asRecord(parameters.definitions), ...asRecord(parameters.$defs) }
  const rules: string[] = []
  for (const [index, name] of names.entries()) {
    const property = properties[name]
    const schema = isRecord(property) ? { ...property, $defs: definitions } : {}
    rules.push(...(await valueRules(llama, `${rule}-value${index}`, schema, {})))
  }
  const isRequired = (name: string) => Array.isArray(parameters.required) && parameters.required.includes(name)
  const pairOf = (name: string) => `${literal(`${JSON.stringify(name)}: `)} ${rule}-value${names.indexOf(name)}`
  const required = names.filter(isRequired).map(pairOf)
  const optional = names.filter((name) => !isRequired(name)).map(pairOf)
  const further = (pairs: string[]) => pairs.map((pair) => ` ( ", " ${pair} )?`).join('')
  const anyOptional = optional.map((pair, index) => pair + further(optional.slice(index + 1))).join(' | ')
  const pairs = required.length > 0 ? required.join(' ", " ') + further(optional) : `( ${anyOptional} )?`
  return [`${rule} ::= "{" ${pairs} "}"`, ...rules]
}

async function valueRules(llama: Llama, rule: string, schema: Schema, instead: Schema): Promise<string[]> {
  const grammar = await jsonSchemaGrammar(llama, JSON.stringify(schema)).catch(() =>
    jsonSchemaGrammar(llama, JSON.stringify(instead)),
  )
  return renamedAll(grammar, rule)
}

function renamedAll(grammar: string, rule: string): string[] {
  return grammar.split('\n').map((line) => renamed(line, rule))
}

/** Rules of one grammar among those of others. Texts and sets of characters are passed over. */
function renamed(line: string, rule: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|([a-z][\w-]*)/gi, (whole, name?: string) => {
    if (name === undefined) return whole
    return name === 'root' ? rule : `${rule}-${name}`
  })
}

/** GBNF knows JSON's escapes but two. */
function literal(text: string): string {
  return JSON.stringify(text).replace(/\\([\\bf])/g, (whole, escaped) => {
    return escaped === 'b' ? '\\x08' : escaped === 'f' ? '\\x0C' : whole
  })
}

function asRecord(value: unknown): Schema {
  return isRecord(value) ? value : {}
}

function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
