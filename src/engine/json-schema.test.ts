import { expect, test } from 'vitest'
import { readJsonSchema } from './json-schema.ts'

const read = (schema: unknown) => readJsonSchema(JSON.stringify(schema))

// Bug: a keyword that nobody looks at lets answers through that do not fit the schema.
test.each([
  [{ type: 'string', pattern: '^a' }, '/: pattern is not supported here'],
  [{ type: 'object', properties: { n: { type: 'integer', minimum: 1 } } }, '/properties/n: minimum is not supported here'],
  [{ allOf: [{ type: 'string' }] }, '/: allOf is not supported here'],
  [{ type: 'array', items: { type: 'string', format: 'email' } }, '/items: the format "email" is not supported'],
  [{ type: 'array', items: {}, uniqueItems: true }, '/: uniqueItems is not supported here'],
  [{ type: 'object', patternProperties: {} }, '/: patternProperties is not supported here'],
  [{ oneOf: [{ type: 'null' }], properties: {} }, '/: properties is not supported here'],
  [{ const: { a: 1 } }, '/: only texts, numbers, true, false and null can be fixed values'],
  [{ $ref: '#/$defs/none' }, '/: "#/$defs/none" is not in $defs'],
  [{ $ref: 'https://example.org/a.json' }, '/: "https://example.org/a.json" is not in $defs'],
  [{ type: 'array', minItems: 5, maxItems: 2 }, '/: minItems is more than maxItems'],
  [{ type: 'string', maxLength: 5000 }, '/: maxLength is more than 2000'],
  [{ type: 'string', maxLength: -1 }, '/: maxLength is not a whole number'],
  [{ type: 'object', required: ['a'], properties: { b: {} } }, '/: "a" is required but not in properties'],
  [{ enum: [] }, '/: enum is not a list of values'],
  [{ type: 'wolf' }, '/: the type "wolf" is not known'],
  [{ properties: { 名字: false } }, '/properties/名字: nothing is valid'],
  ['text', '/: not a schema'],
])('%j: %s', (schema, fault) => {
  expect(() => read(schema)).toThrow(fault)
})

test('what is no JSON, or too deep, is refused', () => {
  expect(() => readJsonSchema('{"type": ')).toThrow(/JSON/)
  const deep = `${'{"items":'.repeat(500)}{}${'}'.repeat(500)}`
  expect(() => readJsonSchema(deep)).toThrow('more than 100 schemas inside each other')
})

// Bug: the library makes `null` of a list of types with an object, and of an empty schema.
test('is brought into the form that the library knows', () => {
  expect(read({ title: '人', type: ['object', 'null'], properties: { 名: { type: 'string', description: '…' } } })).toEqual({
    oneOf: [{ type: 'object', properties: { 名: { type: 'string' } }, additionalProperties: false }, { type: 'null' }],
  })
  expect(read({ anyOf: [{ const: 1 }, { enum: ['a', null] }] })).toEqual({ oneOf: [{ enum: [1] }, { enum: ['a', null] }] })
  expect(read({ $ref: '#/definitions/a', definitions: { a: { items: { $ref: '#/definitions/a' } } } })).toEqual({
    $ref: '#/$defs/a',
    $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' } } },
  })
  expect(read({ type: 'object' })).toMatchObject({ additionalProperties: true })
  expect(read(true)).toEqual(read({}))
})
