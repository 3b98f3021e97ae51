/** The sampling values as the contract checks them. Apart from their table, so that a window needs no zod for it. */
import { z } from 'zod'
import { defaultSampling, samplingNames, samplingNumberNames, samplingRanges } from '../lib/sampling.ts'
import type { AnswerFormat, Sampling, SamplingName, SamplingRange } from '../lib/sampling.ts'

function valueSchema({ min, max, step, nullable }: SamplingRange) {
  const number = (Number.isInteger(step) ? z.int() : z.number()).min(min).max(max)
  return nullable ? number.nullable() : number
}

const answerFormatSchema: z.ZodType<AnswerFormat> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json') }),
  z.object({ type: z.literal('json-schema'), schema: z.string().max(100_000) }),
  z.object({ type: z.literal('grammar'), source: z.string().max(100_000) }),
])

type ValueSchemas = { [K in SamplingName]: z.ZodType<Sampling[K]> }

const numbers = samplingNumberNames.map((name) => [name, valueSchema(samplingRanges[name])])
const values = {
  ...Object.fromEntries(numbers),
  stopTexts: z.array(z.string().min(1).max(200)).max(16),
  answerFormat: answerFormatSchema,
  negativePrompt: z.string().max(200_000),
} as ValueSchemas

/** All values. What an older version did not know has its default. */
export const samplingSchema = z.object(
  Object.fromEntries(samplingNames.map((name) => [name, z.prefault(values[name] as z.ZodType, defaultSampling[name])])),
) as unknown as z.ZodObject<ValueSchemas>

export const samplingOverridesSchema = z.object(values).partial()
