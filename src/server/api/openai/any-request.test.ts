import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { inferenceRequestSchema, type InferenceRequest } from '../../../shared/contract/inference.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { chatBody, readChatRequest } from './chat-request.ts'
import { completionBody, readCompletionRequest } from './completion-request.ts'

const number = fc.oneof(fc.constantFrom(-1, 0, 1, 0.5, 2, 20, 1e9, 2 ** 53), fc.integer(), fc.double({ noNaN: true }))
const function_ = fc.record({ name: fc.string(), parameters: fc.dictionary(fc.string(), fc.jsonValue()) })
const message = fc.record({ role: fc.constantFrom('system', 'user', 'assistant', 'tool'), content: fc.string() })
/** What some field may well be, so that whole requests come about. */
const likely = fc.oneof(
  number,
  fc.string(),
  fc.boolean(),
  fc.array(fc.string(), { minLength: 1 }),
  fc.dictionary(fc.nat().map(String), number),
  fc.constantFrom('auto', 'none', 'required', null),
  fc.record({ type: fc.constantFrom('text', 'json_object', 'json_schema'), schema: fc.object() }),
  fc.array(fc.record({ type: fc.constant('function'), function: function_ }), { minLength: 1 }),
  fc.array(message, { minLength: 1 }),
)

/** Up to five fields of the body with anything in them, beside what it needs. */
function bodies(schema: z.ZodObject, needed: object) {
  const field = fc.constantFrom(...Object.keys(schema.shape))
  const fields = fc.dictionary(field, fc.oneof(likely, fc.jsonValue()), { maxKeys: 5 })
  return fields.map((values): object => ({ ...needed, ...values }))
}

/** null where the body is refused as it should be. */
function requestsIn<Body extends z.ZodObject>(
  schema: Body,
  body: object,
  read: (body: z.output<Body>) => { requests: InferenceRequest[] },
): InferenceRequest[] | null {
  const parsed = schema.safeParse(body)
  if (!parsed.success) return null
  try {
    return read(parsed.data).requests
  } catch (error) {
    if (error instanceof AppFailure && error.code === 'REQUEST_INVALID') return null
    throw error
  }
}

const chatOf = (body: object) => requestsIn(chatBody, body, readChatRequest)
const completionOf = (body: object) => requestsIn(completionBody, body, readCompletionRequest)
// Catches a body that is not refused though core and the engine cannot take what comes of it, and one that throws.
test.each([
  ['chat', chatOf, bodies(chatBody, { messages: 'hi' })],
  ['completion', completionOf, bodies(completionBody, { prompt: 'a' })],
] as const)('any %s is refused, or makes requests as the contract wants them', (_, requestsOf, anyBody) => {
  let taken = 0
  fc.assert(
    fc.property(anyBody, (body) => {
      for (const request of requestsOf(body) ?? []) {
        taken++
        expect(inferenceRequestSchema.parse(request)).toEqual(request)
      }
    }),
    { numRuns: 3000 },
  )
  expect(taken).toBeGreaterThan(300)
})
