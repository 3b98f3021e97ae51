/**
 * Brings a JSON schema into the form that the library makes a grammar of. The library passes over what it does
 * not know; an answer that only seems to be checked is worse than none, so such a schema is refused here. Objects
 * get all their properties, and no others unless the schema speaks of them: narrower than the schema, never wider.
 */
import { mostRepeats } from './gbnf.ts'

type Schema = Record<string, unknown>

/** They say nothing about what is valid. */
const notes = [
  ...['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples'],
  ...['deprecated', 'readOnly', 'writeOnly'],
]
const simpleTypes = ['string', 'number', 'integer', 'boolean', 'null']
const textFormats = ['date-time', 'time', 'date']
/** The library's own limit is 512. */
const deepest = 100

const anything: Schema = {
  oneOf: [
    { type: ['string', 'number', 'boolean', 'null'] },
    { type: 'array' },
    { type: 'object', additionalProperties: true },
  ],
}

export class SchemaFault extends Error {}

/** Throws SchemaFault, which says where and what. */
export function readJsonSchema(text: string): Schema {
  let schema: unknown
  try {
    schema = JSON.parse(text)
  } catch (error) {
    throw new SchemaFault((error as Error).message)
  }
  const definitions = isRecord(schema) ? { ...asRecord(schema.definitions), ...asRecord(schema.$defs) } : {}
  const reader = new SchemaReader(new Set(Object.keys(definitions)))
  const root = reader.read(isRecord(schema) ? without(schema, ['$defs', 'definitions']) : schema, '', 0)
  const $defs = mapped(definitions, (value, name) => reader.read(value, `/$defs/${name}`, 0))
  return Object.keys($defs).length > 0 ? { ...root, $defs } : root
}

class SchemaReader {
  readonly #definitions: ReadonlySet<string>

  constructor(definitions: ReadonlySet<string>) {
    this.#definitions = definitions
  }

  read(value: unknown, path: string, depth: number): Schema {
    if (depth > deepest) throw fault(path, `more than ${deepest} schemas inside each other`)
    if (value === true) return anything
    if (!isRecord(value)) throw fault(path, value === false ? 'nothing is valid' : 'not a schema')
    const schema = without(value, notes)
    const inside = (child: unknown, name: string) => this.read(child, `${path}/${name}`, depth + 1)
    const insideAll = (children: unknown, name: string) => {
      if (!Array.isArray(children) || children.length === 0) throw fault(`${path}/${name}`, 'not a list of schemas')
      return children.map((child, index) => inside(child, `${name}/${index}`))
    }

    if (Object.keys(schema).length === 0) return anything
    if ('$ref' in schema) return this.#reference(schema, path)
    for (const name of ['oneOf', 'anyOf']) {
      if (!(name in schema)) continue
      allowOnly(schema, [name], path)
      return { oneOf: insideAll(schema[name], name) }
    }
    if ('const' in schema || 'enum' in schema) return literals(schema, path)
    const type = schema.type ?? ('properties' in schema ? 'object' : 'items' in schema ? 'array' : undefined)
    if (type === undefined) allowOnly(schema, [], path)
    if (Array.isArray(type)) {
      return { oneOf: type.map((one) => this.read(onlyFor(one, { ...schema, type: one }), path, depth + 1)) }
    }
    if (type === 'object') return objectOf(schema, path, inside)
    if (type === 'array') {
      allowOnly(schema, ['type', 'items', 'prefixItems', 'minItems', 'maxItems'], path)
      const { max } = bounds(schema, 'minItems', 'maxItems', path)
      const prefixItems = schema.prefixItems === undefined ? undefined : insideAll(schema.prefixItems, 'prefixItems')
      if (prefixItems && max < prefixItems.length) throw fault(path, 'maxItems is less than prefixItems has')
      const items = schema.items === undefined ? undefined : inside(schema.items, 'items')
      return defined({ ...schema, type, items, prefixItems })
    }
    if (!simpleTypes.includes(type as string)) throw fault(path, `the type ${JSON.stringify(type)} is not known`)
    if (type !== 'string') allowOnly(schema, ['type'], path)
    else if (schema.format === undefined) allowOnly(schema, ['type', 'minLength', 'maxLength'], path)
    else allowOnly(schema, ['type', 'format'], path)
    if (schema.format !== undefined && !textFormats.includes(schema.format as string)) {
      throw fault(path, `the format ${JSON.stringify(schema.format)} is not supported`)
    }
    bounds(schema, 'minLength', 'maxLength', path)
    return schema
  }

  #reference(schema: Schema, path: string): Schema {
    allowOnly(schema, ['$ref'], path)
    const name = /^#\/(?:\$defs|definitions)\/([^/~]+)$/.exec(String(schema.$ref))?.[1]
    const isKnown = name !== undefined && this.#definitions.has(name)
    if (!isKnown) throw fault(path, `${JSON.stringify(schema.$ref)} is not in $defs`)
    return { $ref: `#/$defs/${name}` }
  }
}

function objectOf(schema: Schema, path: string, inside: (child: unknown, name: string) => Schema): Schema {
  allowOnly(schema, ['type', 'properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'], path)
  const { min, max } = bounds(schema, 'minProperties', 'maxProperties', path)
  const names = Object.keys(asRecord(schema.properties))
  const missing = (Array.isArray(schema.required) ? schema.required : []).find((name) => !names.includes(String(name)))
  if (missing !== undefined) throw fault(path, `${JSON.stringify(missing)} is required but not in properties`)
  if (max < names.length) throw fault(path, 'maxProperties is less than there are properties')
  const others = schema.additionalProperties ?? (names.length === 0 || min > names.length)
  if (others === false && min > names.length) throw fault(path, 'minProperties is more than there are properties')
  return defined({
    type: 'object',
    properties: mapped(asRecord(schema.properties), (child, name) => inside(child, `properties/${name}`)),
    additionalProperties: typeof others === 'boolean' ? others : inside(others, 'additionalProperties'),
    minProperties: schema.minProperties,
    maxProperties: schema.maxProperties,
  })
}

function literals(schema: Schema, path: string): Schema {
  allowOnly(schema, ['type', 'const', 'enum'], path)
  const values = 'const' in schema ? [schema.const] : schema.enum
  if (!Array.isArray(values) || values.length === 0) throw fault(path, 'enum is not a list of values')
  const isSimple = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value)
  if (!values.every(isSimple)) throw fault(path, 'only texts, numbers, true, false and null can be fixed values')
  return { enum: values }
}

/** With several types, each takes the keywords that speak of it. */
function onlyFor(type: unknown, schema: Schema): Schema {
  const others: Record<string, string[]> = {
    string: ['minLength', 'maxLength', 'format'],
    object: ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
    array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  }
  const names = Object.entries(others).flatMap(([other, names]) => (other === type ? [] : names))
  return without(schema, names)
}

function bounds(schema: Schema, minName: string, maxName: string, path: string): { min: number; max: number } {
  const read = (name: string, missing: number) => {
    const value = schema[name] ?? missing
    if (value === missing) return missing
    if (!Number.isInteger(value) || Number(value) < 0) throw fault(path, `${name} is not a whole number`)
    if (Number(value) > mostRepeats) throw fault(path, `${name} is more than ${mostRepeats}`)
    return Number(value)
  }
  const min = read(minName, 0)
  const max = read(maxName, Infinity)
  if (min > max) throw fault(path, `${minName} is more than ${maxName}`)
  return { min, max }
}

function allowOnly(schema: Schema, names: readonly string[], path: string): void {
  const other = Object.keys(schema).find((name) => !names.includes(name))
  if (other !== undefined) throw fault(path, `${other} is not supported here`)
}

function fault(path: string, what: string): SchemaFault {
  return new SchemaFault(`${path || '/'}: ${what}`)
}

function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asRecord(value: unknown): Schema {
  return isRecord(value) ? value : {}
}

function without(schema: Schema, names: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)))
}

function mapped<T>(values: Schema, change: (value: unknown, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]))
}

function defined(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined))
}
