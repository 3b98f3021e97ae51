import type { Llama } from 'node-llama-cpp'
import { readJsonSchema } from './json-schema.ts'

/** The library lets a JSON answer end only behind these line breaks. */
const librarysEnd = String.raw` "\n\n\n\n" [\n]*`
/** It writes numbers that are read as infinite, and whole numbers like 5e-3. */
const librarysExponent = ' ([eE] [-+]? ("0" | [1-9] [0-9]{0,15}))?'

/** Throws a fault that says what of the schema (JSON text) cannot be used. */
export async function jsonSchemaGrammar(llama: Llama, schema: string): Promise<string> {
  const { grammar } = await llama.createGrammarForJsonSchema(readJsonSchema(schema) as never)
  const lines = grammar.replace(librarysEnd, '').split('\n')
  return lines
    .map((line) => line.replace(librarysExponent, line.startsWith('integer') ? '' : ' ([eE] [-+]? [0-9]{1,2})?'))
    .join('\n')
}
